import { type KernelManifest, kernelName } from '@reckon/protocol/model/kernel-manifest';
import type { SignedJobOrder } from '@reckon/protocol/model/job-order';
import { useCallback, useEffect, useRef, useState } from 'react';
import { type Draft, emptyDraft } from './draft.ts';
import { dropDraft, keepDraft, readDraft } from './draft-store.ts';

/** A form that has been still this long is kept. */
const STILL_MS = 400;

export interface DraftForm {
  draft: Draft;
  setDraft: (change: (before: Draft) => Draft) => void;
  /** The form shown is one left earlier. */
  restored: boolean;
  /** The order signed last from this form. */
  signed: SignedJobOrder | undefined;
  sign: (signed: SignedJobOrder) => void;
  /** Empties the form and forgets what was kept of it. */
  clear: () => void;
}

/** The form's state, which outlives a reload. What a person types before the kept form has been read wins. */
export function useDraft(manifest: KernelManifest): DraftForm {
  const [draft, setState] = useState<Draft>(() => emptyDraft(manifest));
  const [signed, setSigned] = useState<SignedJobOrder>();
  const [restored, setRestored] = useState(false);
  const touched = useRef(false);
  const kernel = kernelName(manifest);

  useEffect(() => {
    let current = true;
    void readDraft(kernel).then((kept) => {
      if (!current || touched.current || kept === undefined) return;
      setState(kept.draft);
      setSigned(kept.signed);
      setRestored(true);
    });
    return () => {
      current = false;
    };
  }, [kernel]);

  useEffect(() => {
    if (!touched.current) return;
    const timer = setTimeout(() => void keepDraft({ draft, ...(signed && { signed }) }), STILL_MS);
    return () => clearTimeout(timer);
  }, [draft, signed]);

  const setDraft = useCallback((change: (before: Draft) => Draft) => {
    touched.current = true;
    setState(change);
  }, []);
  return {
    draft,
    setDraft,
    restored,
    signed,
    sign(next) {
      touched.current = true;
      setSigned(next);
      // At once: the tab may be closed before the form has been still.
      void keepDraft({ draft, signed: next });
    },
    clear() {
      touched.current = false;
      setState(emptyDraft(manifest));
      setSigned(undefined);
      setRestored(false);
      void dropDraft(kernel);
    },
  };
}
