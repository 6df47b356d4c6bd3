
  // ------------------------------------------------------------------ roles

  // Roles that an author may give, and what they are called here: roles that only decorate text
  // have no name of their own, and synonyms share one.
  const ARIA_ROLES = new Map(
    ('alert alertdialog application article banner button caption cell checkbox columnheader combobox complementary ' +
      'contentinfo definition dialog document feed figure form grid gridcell group heading img link list listbox ' +
      'listitem log main marquee math menu menubar menuitem menuitemcheckbox menuitemradio meter navigation note ' +
      'option progressbar radio radiogroup region row rowheader scrollbar search searchbox separator slider ' +
      'spinbutton status switch tab table tablist tabpanel term textbox timer toolbar tooltip tree treegrid treeitem')
      .split(' ')
      .map((role) => [role, role])
      .concat(
        ('blockquote code comment deletion emphasis generic insertion mark paragraph rowgroup strong subscript ' +
          'suggestion superscript text time')
          .split(' ')
          .map((role) => [role, '']),
        [
          ['image', 'img'], ['directory', 'list'], ['graphics-document', 'document'], ['graphics-object', 'group'],
          ['graphics-symbol', 'img'], ['doc-backlink', 'link'], ['doc-biblioref', 'link'], ['doc-glossref', 'link'],
          ['doc-noteref', 'link'], ['doc-cover', 'img'], ['doc-pagebreak', 'separator'], ['doc-subtitle', 'heading'],
        ],
      ),
  );

  const INPUT_ROLES = {
    button: 'button', submit: 'button', reset: 'button', image: 'button', file: 'button', checkbox: 'checkbox',
    radio: 'radio', range: 'slider', number: 'spinbutton', hidden: '',
  };
  const WITH_LIST = new Set(['text', 'search', 'url', 'tel', 'email']);

  const inputRole = (el) => {
    const { type } = el;
    if (WITH_LIST.has(type) && el.list) return 'combobox';
    return INPUT_ROLES[type] ?? (type === 'search' ? 'searchbox' : 'textbox');
  };

  const frameRole = (el) => (frameDocument(el) ? 'iframe' : '');

  const TAG_ROLES = {
    a: (el) => (el[$.hasAttribute]('href') || el[$.hasAttribute]('onclick') || el[$.hasAttributeNS](XLINK, 'href') ? 'link' : ''),
    area: (el) => (el[$.hasAttribute]('href') ? 'link' : ''),
    article: 'article', button: 'button', canvas: 'canvas', caption: 'caption', dd: 'definition', details: 'group',
    aside: (el) => (inSection(el) && !hasGivenName(el) ? '' : 'complementary'),
    dialog: 'dialog', dt: 'term', fieldset: 'group', figure: 'figure',
    footer: (el) => (inSection(el) ? '' : 'contentinfo'),
    form: (el) => (hasGivenName(el) ? 'form' : ''),
    header: (el) => (inSection(el) ? '' : 'banner'),
    h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading', h5: 'heading', h6: 'heading',
    hr: 'separator', iframe: 'iframe', frame: 'iframe', object: frameRole, embed: frameRole,
    img: (el) => (el[$.getAttribute]('alt') === '' && !hasGivenName(el) ? '' : 'img'),
    image: 'img', input: inputRole,
    li: (el) => (isPresented(el[$.parentElement]) ? '' : 'listitem'),
    main: 'main', math: 'math', menu: 'list', meter: 'meter', nav: 'navigation', ol: 'list', optgroup: 'group',
    option: 'option', output: 'status', progress: 'progressbar', search: 'search',
    section: (el) => (hasGivenName(el) ? 'region' : ''),
    select: (el) => (el.multiple || el.size > 1 ? 'listbox' : 'combobox'),
    summary: (el) => (isSummary(el) ? 'button' : ''),
    rect: (el) => shapeRole(el), circle: (el) => shapeRole(el), ellipse: (el) => shapeRole(el), line: (el) => shapeRole(el),
    path: (el) => shapeRole(el), polygon: (el) => shapeRole(el), polyline: (el) => shapeRole(el),
    svg: (el) => (hasGivenName(el) || svgTitle(el) ? 'img' : ''),
    table: 'table', td: (el) => cellRole(el, ''), textarea: 'textbox', th: (el) => cellRole(el, headRole(el)),
    tr: (el) => (tableRole(el) ? 'row' : ''), ul: 'list', video: 'video', audio: 'audio',
  };
  const shapeRole = (el) => (hasGivenName(el) || svgTitle(el) ? 'img' : '');
  const XLINK = 'http://www.w3.org/1999/xlink';

  const INTERACTIVE = new Set([
    'button', 'link', 'checkbox', 'radio', 'textbox', 'searchbox', 'combobox', 'listbox', 'option', 'menuitem',
    'menuitemcheckbox', 'menuitemradio', 'tab', 'switch', 'slider', 'spinbutton', 'treeitem', 'canvas', 'video', 'audio',
    'scrollbar',
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
  // Roles that say more than their text, which may be part of a name above them.
  const KEPT_IN_NAMES = new Set(['iframe', 'meter', 'progressbar', 'status', 'alert', 'dialog', 'grid', 'table', 'menu', 'tree']);
  const KEPT_WHEN_EMPTY = new Set(['cell', 'gridcell', 'columnheader', 'rowheader', 'img', 'progressbar', 'meter', 'iframe']);

  const inSection = (el) => !!el[$.parentElement]?.[$.closest]('article, aside, main, nav, section');
  const hasGivenName = (el) => isGiven(el, 'aria-label') || isGiven(el, 'aria-labelledby') || isGiven(el, 'title');
  const isGiven = (el, name) => lookOf(el).has(name) && el[$.getAttribute](name).trim() !== '';
  const isEditable = (el) => el[$.isContentEditable] && !(el[$.parentElement] && el[$.parentElement][$.isContentEditable]);
  const isSummary = (el) => {
    const parent = el[$.parentElement];
    return !!parent && tagOf(parent) === 'details';
  };

  // Whether a list is none by its author's wish; then neither are its items.
  const isPresented = (list) => !!list?.[$.hasAttribute]('role') && roleOf(list) === '';

  // The role of the table of a row or a cell; none when it only lays out.
  const tableRole = (el) => {
    const table = el[$.closest]('table');
    return table ? roleOf(table) : '';
  };
  const cellRole = (el, head) => {
    const table = tableRole(el);
    if (!table) return '';
    return head || (table === 'grid' || table === 'treegrid' ? 'gridcell' : 'cell');
  };
  // A head without scope is one of a row when data stands beside it, else one of a column.
  const headRole = (el) => {
    if (el.scope === 'row' || el.scope === 'rowgroup') return 'rowheader';
    if (el.scope) return 'columnheader';
    const [before, after] = [el[$.previousElementSibling]?.[$.localName], el[$.nextElementSibling]?.[$.localName]];
    if (before === 'th' && after === 'th') return 'columnheader';
    return before === 'td' || after === 'td' ? 'rowheader' : 'columnheader';
  };

  const GLOBAL_ARIA = [
    'aria-label', 'aria-labelledby', 'aria-describedby', 'aria-controls', 'aria-current', 'aria-details', 'aria-live',
    'aria-owns', 'aria-flowto', 'aria-roledescription', 'aria-atomic', 'aria-busy', 'aria-relevant', 'aria-keyshortcuts',
  ];
  const isFocusable = (el) => el[$.tabIndex] >= 0 || (el[$.hasAttribute]('tabindex') && !el[$.matches](':disabled'));
  // An author's wish that an element had no role counts only where nobody can come across it.
  const mayBePresentational = (el) => !isFocusable(el) && !GLOBAL_ARIA.some((name) => el[$.hasAttribute](name));

  const roleOf = (el) => {
    const look = lookOf(el);
    return (look.role ??= findRole(el, look));
  };

  const findRole = (el, look) => {
    if (look.has('role')) {
      const given = authorRole(el, el[$.getAttribute]('role'));
      if (given !== undefined) return given;
    }
    const known = TAG_ROLES[look.tag];
    const native = typeof known === 'function' ? known(el) : known ?? '';
    return native === '' && isEditable(el) ? 'textbox' : native;
  };

  // Items that are none outside of what they are items of.
  const ITEM_OF = new Map([['option', 'listbox'], ['treeitem', 'tree'], ['listitem', 'list']]);
  const isItemOf = (el, owner) => {
    for (let up = ownerOf(el); up; up = ownerOf(up)) {
      const role = roleOf(up);
      if (role === owner || (role === 'treeitem' && owner === 'tree')) return true;
      if (role !== '' && role !== 'group') return false;
    }
    return false;
  };

  // The first role of the author's list that exists and holds here.
  const authorRole = (el, explicit) => {
    for (const token of explicit.toLowerCase().split(/\s+/)) {
      if (token === 'none' || token === 'presentation') {
        if (mayBePresentational(el)) return '';
        return undefined;
      }
      if ((token === 'region' || token === 'form') && !hasGivenName(el)) continue;
      if (ITEM_OF.has(token) && !isItemOf(el, ITEM_OF.get(token))) continue;
      if (ARIA_ROLES.has(token)) return ARIA_ROLES.get(token);
    }
    return undefined;
  };
