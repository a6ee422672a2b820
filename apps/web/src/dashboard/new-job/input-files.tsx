import type { InputFile } from '@reckon/kernels/kernel';
import type { KernelInput, KernelManifest } from '@reckon/protocol/model/kernel-manifest';
import { type DragEvent, useId, useState } from 'react';
import { WithGuide } from '../../ui/with-guide.tsx';
import { formatBytes } from '../../ui/format.ts';
import { fieldOf } from './draft.ts';
import { FieldError } from './text-field.tsx';

type Files = ReadonlyMap<string, InputFile>;

interface InputFilesProps {
  manifest: KernelManifest;
  files: Files;
  onChange: (files: Files) => void;
  error: unknown;
  unfilled: boolean;
}

const lastName = (path: string): string => path.replace(/^.*[\\/]/, '');
const stem = (path: string): string => lastName(path).replace(/\.[^.]+$/, '');
const endsWith = (input: KernelInput, name: string): boolean =>
  input.accept.some((ending) => name.toLowerCase().endsWith(ending));

/** Which input a dropped file is for: the one named like it, else the first free one of its kind, else its own name. */
export function inputFor(manifest: KernelManifest, files: Files, fileName: string): string | undefined {
  const fitting = manifest.inputs.filter((input) => endsWith(input, fileName));
  const named = fitting.find((input) => input.name === stem(fileName));
  const free = fitting.find((input) => input.name !== '*' && !files.has(input.name));
  if (named !== undefined) return named.name;
  if (free !== undefined) return free.name;
  const any = fitting.find((input) => input.name === '*');
  if (any === undefined) return fitting[0]?.name;
  // A tensor is named like the model's input; a file of weights is what the model calls it, ending and all.
  return any.kind === 'file' ? lastName(fileName) : stem(fileName);
}

export function InputFiles(props: InputFilesProps) {
  const { manifest, files, onChange } = props;
  const [over, setOver] = useState(false);
  // A refusal is about the files there were; other files, from an example say, take it away.
  const [refused, setRefused] = useState<{ names: string; files: Files }>();
  const id = useId();
  if (manifest.inputs.length === 0)
    return <p className="quiet">This kernel reads no files; its parameters are its input.</p>;

  const take = async (list: FileList | null) => {
    const next = new Map(files);
    const strangers: string[] = [];
    for (const file of list ?? []) {
      const name = inputFor(manifest, next, file.name);
      if (name === undefined) strangers.push(file.name);
      else next.set(name, { fileName: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
    }
    setRefused(strangers.length > 0 ? { names: strangers.join(', '), files: next } : undefined);
    onChange(next);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };
  const endings = [...new Set(manifest.inputs.flatMap((input) => input.accept))];
  return (
    <fieldset className="form-field">
      <legend className="field-label">Files</legend>
      {/* The label is the drop area: a press opens the file dialog, a drop is taken as it is. */}
      <label
        htmlFor={id}
        className={over ? 'drop drop-over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
      >
        <strong>Drop files here, or choose them</strong>
        {manifest.inputs.map((input) => (
          <span key={`${input.kind} ${input.name}`} className="quiet small">
            {input.name !== '*' && <code>{input.name}</code>} <WithGuide text={input.description} />{' '}
            {input.accept.join(', ')}
          </span>
        ))}
        <input
          id={id}
          type="file"
          className="hidden-text"
          multiple
          accept={endings.join(',')}
          onChange={(event) => void take(event.currentTarget.files)}
        />
      </label>
      {refused?.files === files && (
        <p className="field-error" role="alert">
          {refused.names} cannot be used: this kernel reads {endings.join(' and ')} files.
        </p>
      )}
      <FileRows files={files} onChange={onChange} error={props.unfilled ? undefined : props.error} />
      <InputError {...props} />
    </fieldset>
  );
}

/** The input a refusal is about; undefined when it is about none. */
function inputOf(error: unknown): string | undefined {
  const about = fieldOf(error);
  return about?.startsWith('input:') ? about.slice('input:'.length) : undefined;
}

function FileRows(props: { files: Files; onChange: (files: Files) => void; error: unknown }) {
  const { files, onChange, error } = props;
  const wrong = inputOf(error);
  const rename = (from: string, to: string) =>
    onChange(new Map([...files].map(([name, file]) => [name === from ? to : name, file])));
  const remove = (name: string) => onChange(new Map([...files].filter(([each]) => each !== name)));
  if (files.size === 0) return null;
  return (
    <ul className="file-list">
      {[...files].map(([name, file], index) => (
        // The name is edited in place, so the place is the key.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index}>
          <input
            type="text"
            className="mono"
            value={name}
            aria-invalid={name === wrong || undefined}
            aria-label={`Input name of ${file.fileName}`}
            onChange={(event) => rename(name, event.currentTarget.value)}
          />
          <span>
            {file.fileName} <span className="quiet small">{formatBytes(file.bytes.length)}</span>
          </span>
          <button type="button" className="link-button small" onClick={() => remove(name)}>
            Remove<span className="hidden-text"> {file.fileName}</span>
          </button>
          {name === wrong && (
            <div className="file-error">
              <FieldError error={error} />
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

/** What is said of an input that has no row of its own. */
function InputError(props: Pick<InputFilesProps, 'files' | 'error' | 'unfilled'>) {
  const about = inputOf(props.error);
  if (about === undefined) return null;
  if (props.unfilled) {
    return (
      <p className="field-help">
        Still needed: <code>{about}</code>
      </p>
    );
  }
  return props.files.has(about) ? null : <FieldError error={props.error} />;
}
