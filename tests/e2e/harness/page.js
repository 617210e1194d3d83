// Functions that run inside the page. Each must stand alone: WebDriver sends its source over.

/** Everything a person can read: an open modal dialog hides what is behind it. */
export function pageText() {
  const modal = [...document.querySelectorAll('dialog[open]')].filter((dialog) => dialog.matches(':modal')).pop();
  return (modal ?? document.body).innerText;
}

/** The first visible element of this role with this accessible name, or null. */
export function findByRole(role, name, within) {
  const NATIVE = {
    button: 'button, input[type=button], input[type=submit], summary',
    link: 'a[href]',
    textbox: 'input:not([type]), input[type=text], input[type=email], input[type=tel], input[type=url], input[type=password], input[type=date], textarea, [contenteditable=true]',
    searchbox: 'input[type=search]',
    spinbutton: 'input[type=number]',
    checkbox: 'input[type=checkbox]',
    radio: 'input[type=radio]',
    combobox: 'select',
    option: 'option',
    dialog: 'dialog[open]',
    heading: 'h1, h2, h3, h4, h5, h6',
    row: 'tr',
    listitem: 'li',
    list: 'ul, ol',
    navigation: 'nav',
    main: 'main',
  };
  const clean = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
  const byId = (ids) => clean(ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  const nameOf = (element) => {
    const labelledby = element.getAttribute('aria-labelledby');
    if (labelledby) return byId(labelledby);
    const label = clean(element.getAttribute('aria-label'));
    if (label) return label;
    if (element.labels?.length) return clean([...element.labels].map((each) => each.textContent).join(' '));
    const text = clean(element.innerText ?? element.textContent);
    return text || clean(element.getAttribute('title')) || clean(element.getAttribute('placeholder'));
  };
  const fits = (found) => {
    if (name === null) return true;
    return typeof name === 'string' ? found === name : new RegExp(name.source, name.flags).test(found);
  };
  const modal = [...document.querySelectorAll('dialog[open]')].filter((dialog) => dialog.matches(':modal')).pop();
  const from = within ?? modal ?? document;
  const selector = NATIVE[role] ? `[role=${role}], :is(${NATIVE[role]}):not([role])` : `[role=${role}]`;
  const all = [...from.querySelectorAll(selector)];
  if (from === modal && modal.matches(selector)) all.unshift(modal);
  return all.find((element) => element.checkVisibility({ visibilityProperty: true }) && fits(nameOf(element))) ?? null;
}

/** The innermost visible element whose own text is this, or null. */
export function findByText(text) {
  const clean = (value) => (value ?? '').replace(/\s+/g, ' ').trim();
  const modal = [...document.querySelectorAll('dialog[open]')].filter((dialog) => dialog.matches(':modal')).pop();
  const all = [...(modal ?? document.body).querySelectorAll('*')].reverse();
  return all.find((element) => clean(element.innerText) === text && element.checkVisibility({ visibilityProperty: true })) ?? null;
}
