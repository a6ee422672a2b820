import type { PostStep } from '@reckon/client/post-job';
import { CellMark } from '../../ui/cell-mark.tsx';

export type StepName = PostStep['step'];

const steps: readonly { names: readonly StepName[]; words: string }[] = [
  { names: ['signing'], words: 'Sign the order in the wallet' },
  { names: ['signed', 'uploading'], words: 'Upload the inputs' },
  { names: ['posting'], words: 'Post the order' },
  { names: ['funding'], words: 'Sign the permit and fund the escrow' },
  { names: ['awaiting-escrow'], words: 'Wait until the relay sees the escrow on the chain' },
];

/** The steps of an order: done, under way, refused, or to come. */
export function StepList(props: { at: StepName; failed: boolean; done: boolean; note: string }) {
  const current = steps.findIndex((step) => step.names.includes(props.at));
  return (
    <div role="status">
      <ol className="post-steps">
        {steps.map((step, index) => {
          const here = index === current && !props.done;
          const look = here ? (props.failed ? 'refused' : 'computing') : index <= current ? 'accepted' : 'pending';
          const state = here ? (props.failed ? 'failed' : 'under way') : index <= current ? 'done' : 'to come';
          return (
            <li key={step.words}>
              <CellMark look={look} size={14} />
              <span>
                {step.words}
                <span className="quiet small">
                  {' '}
                  {state}
                  {here && props.note !== '' && `, ${props.note}`}
                </span>
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
