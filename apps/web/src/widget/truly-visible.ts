/** Smaller than this nobody can read what they agree to. */
const MIN_WIDTH = 220;
const MIN_HEIGHT = 80;

/** IntersectionObserver v2, which also sees what lies over an element; Chromium only. */
interface VisibilityOptions extends IntersectionObserverInit {
  trackVisibility: boolean;
  delay: number;
}

/**
 * Tells whether a person can see an element: on screen, large enough, and not covered or faded where the browser can tell.
 * A cover cannot be noticed in Firefox and Safari (docs/embedding.md).
 * @returns how to stop watching.
 */
export function watchTrulyVisible(target: Element, changed: (visible: boolean) => void): () => void {
  const seesCovers = 'isVisible' in IntersectionObserverEntry.prototype;
  const options: VisibilityOptions = { threshold: [0, 0.5, 0.9], trackVisibility: true, delay: 100 };
  let shown: boolean | undefined;
  const observer = new IntersectionObserver(
    (entries) => {
      const entry = entries.at(-1);
      if (entry === undefined) return;
      const { width, height } = entry.boundingClientRect;
      const large = width >= MIN_WIDTH && height >= MIN_HEIGHT;
      const visible =
        large && entry.intersectionRatio >= 0.5 && (!seesCovers || ('isVisible' in entry && entry.isVisible === true));
      if (visible !== shown) changed(visible);
      shown = visible;
    },
    seesCovers ? options : { threshold: options.threshold as number[] },
  );
  observer.observe(target);
  return () => observer.disconnect();
}
