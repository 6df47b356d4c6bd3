
  // Roles of elements: ARIA where the author gave one, else what HTML says.

  const TAG_ROLES = {
    a: (el) => (el.hasAttribute('href') ? 'link' : ''),
    area: (el) => (el.hasAttribute('href') ? 'link' : ''),
    article: 'article', aside: 'complementary', button: 'button', canvas: 'canvas', caption: 'caption',
    datalist: '', dd: 'definition', details: 'group', dialog: 'dialog', dt: 'term', fieldset: 'group', figure: 'figure',
    footer: (el) => (inSection(el) ? '' : 'contentinfo'),
    header: (el) => (inSection(el) ? '' : 'banner'),
    h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading',
    hr: 'separator', iframe: 'iframe', img: (el) => (el.getAttribute('alt') === '' ? '' : 'img'),
    input: (el) => INPUT_ROLES[el.type] ?? (el.hasAttribute('list') ? 'combobox' : 'textbox'),
    li: 'listitem', main: 'main', menu: 'list', meter: 'meter', nav: 'navigation', ol: 'list', output: 'status',
    option: 'option', progress: 'progressbar', search: 'search',
    select: (el) => (el.multiple || el.size > 1 ? 'listbox' : 'combobox'),
    summary: 'button', table: 'table', td: 'cell', textarea: 'textbox',
    th: (el) => (el.scope === 'row' ? 'rowheader' : 'columnheader'), tr: 'row', ul: 'list',
    video: 'video', audio: 'audio',
  };
  const INPUT_ROLES = {
    button: 'button', submit: 'button', reset: 'button', image: 'button', file: 'button', checkbox: 'checkbox',
    radio: 'radio', range: 'slider', number: 'spinbutton', search: 'searchbox', hidden: '',
  };
  const INTERACTIVE = new Set([
    'button', 'link', 'checkbox', 'radio', 'textbox', 'searchbox', 'combobox', 'listbox', 'option', 'menuitem',
    'menuitemcheckbox', 'menuitemradio', 'tab', 'switch', 'slider', 'spinbutton', 'treeitem', 'canvas', 'video', 'audio',
  ]);
  // Roles whose name is their content, so that their text is not listed again below them.
  const NAMED_BY_CONTENT = new Set([
    'button', 'link', 'heading', 'tab', 'option', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'switch',
    'checkbox', 'radio', 'treeitem', 'tooltip', 'clickable', 'label',
  ]);
  // Roles that take over the text below them when there is nothing but text.
  const MERGES_TEXT = new Set([
    'cell', 'gridcell', 'columnheader', 'rowheader', 'listitem', 'term', 'definition', 'caption', 'status', 'alert',
    'clickable',
  ]);
  const KEPT_WHEN_EMPTY = new Set(['cell', 'gridcell', 'columnheader', 'rowheader', 'img', 'progressbar', 'meter', 'iframe']);
  const KNOWN_ROLES = new Set([
    ...INTERACTIVE, ...MERGES_TEXT, 'heading', 'article', 'banner', 'complementary', 'contentinfo', 'dialog', 'alertdialog', 'figure',
    'form', 'grid', 'group', 'img', 'list', 'log', 'main', 'menu', 'menubar', 'meter', 'navigation', 'progressbar',
    'radiogroup', 'region', 'row', 'search', 'separator', 'tablist', 'table', 'tabpanel', 'toolbar', 'tooltip', 'tree',
    'treegrid', 'feed', 'note', 'timer', 'scrollbar',
  ]);
  const ALIASES = { image: 'img', presentation: '', none: '', generic: '', text: '', rowgroup: '', paragraph: '' };

  const inSection = (el) => !!el.closest('article, aside, main, nav, section') && !el.closest('body > header, body > footer');

  const roleOf = (el) => {
    const explicit = el.getAttribute('role');
    if (explicit) {
      for (const token of explicit.toLowerCase().split(/\s+/)) {
        if (token in ALIASES) return ALIASES[token];
        if (KNOWN_ROLES.has(token)) return token;
      }
    }
    const tag = tagOf(el);
    if (tag === 'section') return hasGivenName(el) ? 'region' : '';
    if (tag === 'form') return hasGivenName(el) ? 'form' : '';
    if (tag === 'svg') return hasGivenName(el) || el.querySelector(':scope > title') ? 'img' : '';
    const known = TAG_ROLES[tag];
    if (known !== undefined) return typeof known === 'function' ? known(el) : known;
    return isEditable(el) ? 'textbox' : '';
  };

  const hasGivenName = (el) => el.hasAttribute('aria-label') || el.hasAttribute('aria-labelledby') || el.hasAttribute('title');
  const isEditable = (el) => el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable);
