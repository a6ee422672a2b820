interface Properties {
  text?: string;
  className?: string;
  id?: string;
  type?: 'button';
  disabled?: boolean;
}

/** Makes an element; text is only ever text. */
export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  properties: Properties,
): HTMLElementTagNameMap[T] {
  const { text, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  if (text !== undefined) made.textContent = text;
  return made;
}
