// Elements of the page, made without any HTML.

export function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A control beside the text that is not in the order of the Tab key: Tab belongs to the text. */
export function control(name, className, label) {
  const made = element(name, className);
  made.contentEditable = 'false';
  made.tabIndex = -1;
  made.setAttribute('aria-label', label);
  return made;
}
