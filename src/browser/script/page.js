// The arena's eyes and hands inside a page. Runs in an isolated world of the page: it shares the
// document with the page's own scripts, but none of their variables, so a page can neither read
// nor forge what is kept here. Every function returns plain data.
(() => {
  if (globalThis.__ARENA__) return;

  const MAX_NODES = 5000;
  const MAX_CHARS = 200000;
  const MAX_TEXT = 2000;
  const MAX_OPTIONS = 200;

  // Ids of elements, counted from 1 in each document, kept for the element's lifetime.
  const bids = new WeakMap();
  const elements = new Map();
  let counter = 0;

  const bidOf = (el) => {
    let bid = bids.get(el);
    if (!bid) {
      bid = String(++counter);
      bids.set(el, bid);
      elements.set(bid, new WeakRef(el));
    }
    return bid;
  };

  const clean = (text) => text.replace(/[\s\u00a0]+/g, ' ').trim();
  const styleOf = (el) => el.ownerDocument.defaultView.getComputedStyle(el);
  const isElement = (node) => node.nodeType === 1;
  const tagOf = (el) => el.localName;

  // Children as they are drawn: shadow content instead of light children, slots filled.
  const childrenOf = (el) => {
    if (el.shadowRoot) return el.shadowRoot.childNodes;
    if (tagOf(el) === 'slot') {
      const assigned = el.assignedNodes({ flatten: true });
      if (assigned.length) return assigned;
    }
    if (tagOf(el) === 'details' && !el.open) {
      const summary = el.querySelector(':scope > summary');
      return summary ? [summary] : [];
    }
    return el.childNodes;
  };

  const parentOf = (el) =>
    el.assignedSlot || el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);

  const contains = (outer, inner) => {
    for (let el = inner; el; el = parentOf(el)) if (el === outer) return true;
    return false;
  };

  const frameDocument = (el) => {
    try {
      return el.contentDocument;
    } catch {
      return null;
    }
  };

  // ------------------------------------------------------------------ roles

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

  // ------------------------------------------------------------------ names

  const isHidden = (el, style) =>
    style.display === 'none' || el.getAttribute('aria-hidden') === 'true' || el.inert === true;

  const isInline = (style) => style.display.startsWith('inline') || style.display === 'contents' || style.display.startsWith('ruby');

  // Text of an element as a reader gets it: alternatives of pictures included, hidden parts not.
  const textOf = (el, skip, depth = 0) => {
    if (depth > 60) return '';
    let text = '';
    for (const child of childrenOf(el)) {
      if (child.nodeType === 3) {
        text += child.data;
      } else if (isElement(child) && child !== skip) {
        const tag = tagOf(child);
        if (tag === 'script' || tag === 'style' || tag === 'template' || tag === 'select' || tag === 'textarea') continue;
        if (tag === 'br') {
          text += ' ';
          continue;
        }
        const style = styleOf(child);
        if (isHidden(child, style) || style.visibility !== 'visible') continue;
        const given = clean(child.getAttribute('aria-label') || '');
        const inner = given || (tag === 'img' ? child.alt : tag === 'svg' ? svgTitle(child) : textOf(child, skip, depth + 1));
        text += isInline(style) ? inner : ` ${inner} `;
      }
      if (text.length > MAX_TEXT * 2) break;
    }
    return text;
  };

  const svgTitle = (el) => el.querySelector(':scope > title')?.textContent ?? '';

  const referenced = (el, attribute) =>
    (el.getAttribute(attribute) || '')
      .split(/\s+/)
      .map((id) => id && el.getRootNode().getElementById?.(id))
      .filter(Boolean)
      .map((target) => clean(target.getAttribute('aria-label') || textOf(target, null)))
      .filter(Boolean)
      .join(' ');

  const nativeName = (el) => {
    switch (tagOf(el)) {
      case 'input':
        if (['button', 'submit', 'reset'].includes(el.type)) {
          return el.value || { submit: 'Submit', reset: 'Reset' }[el.type] || '';
        }
        if (el.type === 'image') return el.alt || el.value || 'Submit';
      // falls through
      case 'select':
      case 'textarea':
      case 'meter':
      case 'progress':
      case 'output':
        return [...(el.labels || [])].map((label) => clean(textOf(label, el))).filter(Boolean).join(' ');
      case 'fieldset':
        return textOf(el.querySelector(':scope > legend') || document.createElement('i'), null);
      case 'table':
        return el.caption ? textOf(el.caption, null) : '';
      case 'figure':
        return textOf(el.querySelector(':scope > figcaption') || document.createElement('i'), null);
      case 'img':
      case 'area':
        return el.alt || '';
      case 'svg':
        return svgTitle(el);
      default:
        return '';
    }
  };

  const nameOf = (el, role) =>
    referenced(el, 'aria-labelledby') ||
    clean(el.getAttribute('aria-label') || '') ||
    clean(nativeName(el)) ||
    (NAMED_BY_CONTENT.has(role) && tagOf(el) !== 'input' ? clean(textOf(el, null)) : '') ||
    clean(el.getAttribute('title') || '') ||
    clean(el.getAttribute('placeholder') || el.getAttribute('aria-placeholder') || '');

  // ------------------------------------------------------------------ values and states

  const OWN_TYPE = new Set(['file', 'password', 'email', 'tel', 'url', 'date', 'time', 'datetime-local', 'month', 'week', 'color']);

  const valueOf = (el, role) => {
    const tag = tagOf(el);
    if (tag === 'select') return [...el.selectedOptions].map((option) => clean(option.label)).join(', ');
    if (tag === 'textarea') return el.value;
    if (tag === 'progress' || tag === 'meter') return String(el.value);
    if (tag === 'input') {
      if (['button', 'submit', 'reset', 'image', 'checkbox', 'radio'].includes(el.type)) return undefined;
      if (el.type === 'file') return [...el.files].map((file) => file.name).join(', ');
      return el.type === 'password' ? '\u2022'.repeat(el.value.length) : el.value;
    }
    if (isEditable(el)) return clean(textOf(el, null));
    if (role === 'slider' || role === 'spinbutton' || role === 'progressbar' || role === 'meter') {
      return el.getAttribute('aria-valuetext') || el.getAttribute('aria-valuenow') || undefined;
    }
    return undefined;
  };

  const isDisabled = (el) => el.matches(':disabled') || el.closest('[aria-disabled="true"]') === el;

  const checkedState = (el) => {
    if (tagOf(el) === 'input' && (el.type === 'checkbox' || el.type === 'radio')) {
      return el.indeterminate ? 'mixed' : String(el.checked);
    }
    return el.getAttribute('aria-checked');
  };

  const statesOf = (el, role) => {
    const states = [];
    const tag = tagOf(el);
    const attribute = (name) => el.getAttribute(name);
    if (role === 'heading') states.push(`level=${attribute('aria-level') || (/^h[1-6]$/.test(tag) ? tag[1] : 2)}`);
    if (tag === 'input' && OWN_TYPE.has(el.type)) states.push(`type=${el.type}`);
    if (tag === 'textarea' || attribute('aria-multiline') === 'true') states.push('multiline');
    const checked = checkedState(el);
    if (checked === 'true') states.push('checked');
    if (checked === 'mixed') states.push('checked=mixed');
    if (isDisabled(el)) states.push('disabled');
    const expanded = tag === 'summary' ? String(el.parentElement?.open === true) : attribute('aria-expanded');
    if (expanded === 'true') states.push('expanded');
    if (expanded === 'false') states.push('collapsed');
    if (el.required || attribute('aria-required') === 'true') states.push('required');
    if ((el.readOnly && tag !== 'select') || attribute('aria-readonly') === 'true') states.push('readonly');
    if ((attribute('aria-invalid') || 'false') !== 'false' || el.matches(':user-invalid')) states.push('invalid');
    if (attribute('aria-selected') === 'true' || (tag === 'option' && el.selected)) states.push('selected');
    if (attribute('aria-pressed') === 'true') states.push('pressed');
    const current = attribute('aria-current');
    if (current && current !== 'false') states.push(current === 'true' ? 'current' : `current=${current}`);
    if ((attribute('aria-haspopup') || 'false') !== 'false') states.push('haspopup');
    if (tag === 'select' && el.multiple) states.push('multiple');
    if (tag === 'input' && (el.type === 'range' || el.type === 'number')) {
      if (el.min) states.push(`min=${el.min}`);
      if (el.max) states.push(`max=${el.max}`);
    }
    if (el.draggable && attribute('draggable') === 'true') states.push('draggable');
    if (role === 'clickable') states.length || states.push();
    return states;
  };

  // ------------------------------------------------------------------ observation

  const observe = () => {
    const out = [];
    let chars = 0;
    let truncated = false;
    let run = null;

    const cut = (text) => {
      if (text.length <= MAX_TEXT) return text;
      truncated = true;
      return `${text.slice(0, MAX_TEXT)}\u2026`;
    };
    const push = (node) => {
      if (out.length >= MAX_NODES || chars >= MAX_CHARS) {
        truncated = true;
        return false;
      }
      chars += node.name.length + (node.value?.length ?? 0) + 40;
      out.push(node);
      return true;
    };
    const flush = () => {
      if (!run) return;
      const text = clean(run.text);
      if (text) push({ depth: run.depth, role: 'text', name: cut(text), in_view: run.inView });
      run = null;
    };
    const addText = (data, depth, inView) => {
      if (!run || run.depth !== depth) {
        flush();
        run = { depth, text: '', inView };
      }
      run.text += data;
      run.inView ||= inView;
    };

    const boxOf = (el, frame) => {
      const rect = el.getBoundingClientRect();
      const box = [rect.left + frame.x, rect.top + frame.y, rect.width, rect.height].map(Math.round);
      const inView =
        box[0] < Math.min(innerWidth, frame.right) && box[1] < Math.min(innerHeight, frame.bottom) &&
        box[0] + box[2] > Math.max(0, frame.left) && box[1] + box[3] > Math.max(0, frame.top) && box[2] > 0 && box[3] > 0;
      return { box, inView };
    };

    const emit = (el, role, depth, name, place, interactive) => {
      const node = { depth, role, name: cut(name), bbox: place.box, in_view: place.inView };
      if (interactive) node.bid = bidOf(el);
      const value = valueOf(el, role);
      if (value !== undefined && value !== '') node.value = cut(value);
      const states = statesOf(el, role);
      if (states.length) node.states = states;
      if (tagOf(el) === 'select') {
        node.options = [...el.options].slice(0, MAX_OPTIONS).map((option) => cut(clean(option.label)));
        if (el.options.length > MAX_OPTIONS) truncated = true;
        for (const option of node.options) chars += option.length + 4;
      }
      return push(node) ? node : null;
    };

    // What happens to a label: silent when its field is shown (the field has its name), the
    // field's stand-in when the field itself is not shown, plain text otherwise.
    const labelRole = (el) => {
      const field = el.control;
      if (!field) return '';
      const rect = field.getBoundingClientRect();
      const style = styleOf(field);
      const shown = style.display !== 'none' && style.visibility === 'visible' && rect.width > 0 && rect.height > 0;
      return shown ? 'silent' : 'label';
    };

    const walkChildren = (el, depth, frame, context) => {
      for (const child of childrenOf(el)) {
        if (truncated && out.length >= MAX_NODES) return;
        if (child.nodeType === 3) {
          if (!context.muted && context.visible && child.data) addText(child.data, depth, context.inView);
        } else if (isElement(child)) {
          walk(child, depth, frame, context);
        }
      }
    };

    const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'head', 'link', 'meta', 'title', 'datalist', 'legend', 'object', 'embed']);

    const walk = (el, depth, frame, context) => {
      const tag = tagOf(el);
      if (tag === 'br') return flush();
      if (SKIPPED.has(tag) && tag !== 'legend') return;
      const style = styleOf(el);
      if (isHidden(el, style)) return;
      const visible = style.visibility === 'visible';
      let role = visible ? roleOf(el) : '';
      if (tag === 'legend' || tag === 'figcaption' || tag === 'caption') {
        // Already the name of what it belongs to; only what can be used in it is listed.
        return walkChildren(el, depth, frame, { ...context, muted: true, visible });
      }
      let muted = context.muted;
      if (tag === 'label' && visible) {
        const kind = labelRole(el);
        if (kind === 'silent') muted = true;
        if (kind === 'label') role = 'label';
      }
      let interactive = INTERACTIVE.has(role) || role === 'label' || tag === 'summary';
      if (visible && !interactive && isClickable(el, style, context)) {
        interactive = true;
        role = role || 'clickable';
      }
      const place = boxOf(el, frame);
      const block = !isInline(style);
      const inner = { muted, visible, inView: place.inView, pointer: style.cursor === 'pointer', inside: context.inside };
      if (style.contentVisibility === 'hidden') return;
      if (!role || role === 'separator' || (muted && !interactive)) {
        if (block) flush();
        walkChildren(el, depth, frame, inner);
        if (block) flush();
        return;
      }
      enter(el, role, depth, frame, inner, place, interactive);
    };

    const enter = (el, role, depth, frame, inner, place, interactive) => {
      flush();
      const start = out.length;
      const name = nameOf(el, role);
      const node = emit(el, role, depth, name, place, interactive);
      if (!node) return;
      const tag = tagOf(el);
      if (tag === 'iframe') {
        walkFrame(el, depth + 1, frame);
      } else if (tag !== 'select' && tag !== 'textarea' && !isEditable(el)) {
        const muted = inner.muted || (NAMED_BY_CONTENT.has(role) && name !== '');
        const inside = inner.inside || interactive;
        walkChildren(el, depth + 1, frame, { ...inner, muted, inside });
      }
      flush();
      tidy(node, start, role);
    };

    // Text alone below a cell or list item becomes its name; what holds nothing is dropped.
    const tidy = (node, start, role) => {
      const below = out.length - start - 1;
      if (below > 0 && !node.name && MERGES_TEXT.has(role) && out.slice(start + 1).every((child) => child.role === 'text')) {
        node.name = cut(out.slice(start + 1).map((child) => child.name).join(' '));
        out.length = start + 1;
      } else if (below === 0 && !node.name && !node.bid && node.value === undefined && !KEPT_WHEN_EMPTY.has(role)) {
        out.length = start;
      }
    };

    const walkFrame = (el, depth, frame) => {
      const inner = frameDocument(el);
      if (!inner || !inner.body) return;
      const rect = el.getBoundingClientRect();
      const style = styleOf(el);
      const x = rect.left + frame.x + el.clientLeft + parseFloat(style.paddingLeft);
      const y = rect.top + frame.y + el.clientTop + parseFloat(style.paddingTop);
      const offset = { x, y, left: x, top: y, right: x + rect.width, bottom: y + rect.height };
      walkChildren(inner.body, depth, offset, { muted: false, visible: true, inView: true, pointer: false, inside: false });
      flush();
    };

    const page = { x: 0, y: 0, left: 0, top: 0, right: innerWidth, bottom: innerHeight };
    const context = { muted: false, visible: true, inView: true, pointer: false, inside: false };
    if (document.body) walk(document.body, 0, page, context);
    else if (document.documentElement) walkChildren(document.documentElement, 0, page, context);
    flush();

    const focused = deepFocus();
    const root = document.scrollingElement || document.documentElement;
    return JSON.stringify({
      url: location.href,
      title: clean(document.title),
      tabs: [],
      focus: focused ? bids.get(focused) ?? null : null,
      scroll: {
        x: Math.round(scrollX),
        y: Math.round(scrollY),
        max_x: root ? Math.max(0, root.scrollWidth - root.clientWidth) : 0,
        max_y: root ? Math.max(0, root.scrollHeight - root.clientHeight) : 0,
      },
      nodes: out,
      truncated,
    });
  };

  // Elements that no role calls interactive, but that look as if a click does something. Event
  // listeners cannot be seen, so the mouse cursor has to tell.
  const isClickable = (el, style, context) => {
    if (el === el.ownerDocument.body) return false;
    if (el.hasAttribute('onclick') || el.getAttribute('draggable') === 'true') return true;
    if (context.inside) return false;
    if (el.hasAttribute('tabindex') && el.tabIndex >= 0) return true;
    return style.cursor === 'pointer' && !context.pointer && tagOf(el) !== 'label';
  };

  const deepFocus = () => {
    let el = document.activeElement;
    for (;;) {
      const inner = el?.shadowRoot?.activeElement ?? (el && tagOf(el) === 'iframe' ? frameDocument(el)?.activeElement : null);
      if (!inner) break;
      el = inner;
    }
    return el === document.body ? null : el;
  };

  // ------------------------------------------------------------------ targets of actions

  const fail = (error) => ({ error });

  // The element, or why it cannot be used.
  const find = (bid) => {
    const el = elements.get(bid)?.deref();
    if (!el) return fail(`there is no element [${bid}] on this page; use an id from the last observation`);
    if (!el.isConnected) return fail(`element [${bid}] is no longer on the page; look at the page again`);
    return { el };
  };

  const describe = (el) => {
    for (let at = el; at; at = parentOf(at)) {
      const role = roleOf(at);
      if (!role) continue;
      const name = nameOf(at, role) || (MERGES_TEXT.has(role) ? clean(textOf(at, null)).slice(0, 80) : '');
      const bid = bids.get(at);
      return `${bid ? `[${bid}] ` : ''}${role}${name ? ` "${name.slice(0, 80)}"` : ''}`;
    }
    return `a ${tagOf(el)} element`;
  };

  const frameOffset = (el) => {
    let x = 0;
    let y = 0;
    for (let view = el.ownerDocument.defaultView; view && view !== window; view = view.parent) {
      const frame = view.frameElement;
      if (!frame) break;
      const rect = frame.getBoundingClientRect();
      const style = styleOf(frame);
      x += rect.left + frame.clientLeft + parseFloat(style.paddingLeft);
      y += rect.top + frame.clientTop + parseFloat(style.paddingTop);
    }
    return { x, y };
  };

  const hitAt = (x, y) => {
    let root = document;
    let el = null;
    for (;;) {
      const found = root.elementFromPoint(x, y);
      if (!found || found === el) return found ?? el;
      el = found;
      if (el.shadowRoot) {
        root = el.shadowRoot;
      } else if (tagOf(el) === 'iframe' && frameDocument(el)) {
        const rect = el.getBoundingClientRect();
        const style = styleOf(el);
        x -= rect.left + el.clientLeft + parseFloat(style.paddingLeft);
        y -= rect.top + el.clientTop + parseFloat(style.paddingTop);
        root = frameDocument(el);
      } else {
        return el;
      }
    }
  };

  const belongs = (el, hit) =>
    contains(el, hit) ||
    (hit && el.labels ? [...el.labels].some((label) => contains(label, hit)) : false) ||
    (tagOf(el) === 'label' && el.control ? contains(el.control, hit) : false);

  const visibleRect = (el) => {
    const rects = [...el.getClientRects()].filter((rect) => rect.width > 0 && rect.height > 0);
    if (rects.length) return rects[0];
    // A field that is not drawn itself is reached by its label.
    const label = el.labels && [...el.labels].find((l) => l.getClientRects().length > 0);
    return label ? label.getBoundingClientRect() : null;
  };

  const isShown = (el) => {
    const style = styleOf(el);
    return style.visibility === 'visible' && style.display !== 'none' && !!visibleRect(el);
  };

  const bringIntoView = (el) => {
    const rect = visibleRect(el);
    const view = el.ownerDocument.defaultView;
    const inside = rect.top >= 0 && rect.left >= 0 && rect.bottom <= view.innerHeight && rect.right <= view.innerWidth;
    if (!inside || view !== window) {
      const target = el.getClientRects().length ? el : el.labels?.[0] ?? el;
      target.scrollIntoView({ block: inside ? 'nearest' : 'center', inline: 'nearest', behavior: 'instant' });
    }
  };

  // A point of the element that a click reaches, in pixels of the viewport.
  const point = (bid, allowDisabled) => {
    const found = find(bid);
    if (found.error) return found;
    const { el } = found;
    if (!isShown(el)) return fail(`element [${bid}] is hidden; look at the page again`);
    if (!allowDisabled && isDisabled(el)) return fail(`element [${bid}] is disabled; something else has to be done before`);
    bringIntoView(el);
    const rect = visibleRect(el);
    const offset = frameOffset(el);
    const left = Math.max(rect.left + offset.x, 0);
    const top = Math.max(rect.top + offset.y, 0);
    const right = Math.min(rect.right + offset.x, innerWidth);
    const bottom = Math.min(rect.bottom + offset.y, innerHeight);
    if (right - left < 1 || bottom - top < 1) return fail(`element [${bid}] cannot be scrolled into view`);
    let blocker = null;
    for (const [fx, fy] of [[0.5, 0.5], [0.25, 0.5], [0.75, 0.5], [0.5, 0.25], [0.5, 0.75], [0.1, 0.1], [0.9, 0.9]]) {
      const x = Math.floor(left + (right - left) * fx);
      const y = Math.floor(top + (bottom - top) * fy);
      const hit = hitAt(x, y);
      if (belongs(el, hit)) return { x, y, what: describe(el) };
      blocker ??= hit;
    }
    const by = blocker ? describe(blocker) : 'something outside the page';
    return fail(`element [${bid}] is covered by ${by}; close or move what covers it first`);
  };

  // Where an element is now, without scrolling; nothing when that is outside the viewport.
  const place = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const rect = visibleRect(found.el);
    const offset = frameOffset(found.el);
    const x = rect ? Math.floor(rect.left + offset.x + rect.width / 2) : -1;
    const y = rect ? Math.floor(rect.top + offset.y + rect.height / 2) : -1;
    const inside = x >= 0 && y >= 0 && x < innerWidth && y < innerHeight;
    return inside ? { x, y } : fail(`element [${bid}] is too far away to be dragged to; use mouse_down, scroll and mouse_up`);
  };

  // ------------------------------------------------------------------ fields

  const SET_BY_VALUE = new Set(['date', 'time', 'datetime-local', 'month', 'week', 'color', 'range']);
  const NO_TEXT = new Set(['button', 'submit', 'reset', 'image', 'file', 'checkbox', 'radio', 'hidden']);

  const notify = (el) => {
    el.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    el.dispatchEvent(new Event('change', { bubbles: true }));
  };

  const textField = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const { el } = found;
    const tag = tagOf(el);
    const isField = (tag === 'input' && !NO_TEXT.has(el.type)) || tag === 'textarea' || el.isContentEditable;
    if (!isField) {
      const hint = tag === 'select' ? 'use select_option' : 'only text fields can be filled';
      return fail(`element [${bid}] is ${describe(el).replace(/^\[\d+\] /, 'a ')}, not a text field; ${hint}`);
    }
    if (!isShown(el)) return fail(`element [${bid}] is hidden; look at the page again`);
    if (isDisabled(el)) return fail(`element [${bid}] is disabled; something else has to be done before`);
    if (el.readOnly) return fail(`element [${bid}] is read-only`);
    return { el };
  };

  // Makes a field ready for text: focused, with all its text selected. Fields with a picker
  // (dates, colours, sliders) take their value here and need no text.
  const prepareFill = (bid, value) => {
    const found = textField(bid);
    if (found.error) return found;
    const { el } = found;
    bringIntoView(el);
    el.focus({ preventScroll: true });
    if (tagOf(el) === 'input' && SET_BY_VALUE.has(el.type)) {
      const before = el.value;
      el.value = value;
      if (value && el.value !== value && el.type !== 'range' && el.type !== 'color') {
        const wanted = { date: 'YYYY-MM-DD', time: 'HH:MM', month: 'YYYY-MM', week: 'YYYY-Www', 'datetime-local': 'YYYY-MM-DDTHH:MM' };
        el.value = before;
        return fail(`element [${bid}] takes ${wanted[el.type]}, not "${value.slice(0, 60)}"`);
      }
      notify(el);
      return { done: true };
    }
    if (typeof el.select === 'function') {
      el.select();
    } else {
      el.ownerDocument.defaultView.getSelection().selectAllChildren(el);
    }
    const empty = (el.value ?? el.textContent) === '';
    if (value === '') {
      if (!empty) el.ownerDocument.execCommand('delete');
      return { done: true };
    }
    return { done: false };
  };

  const fieldValue = (bid) => {
    const found = find(bid);
    if (found.error) return { value: null };
    return { value: found.el.type === 'password' ? null : found.el.value ?? found.el.innerText ?? null };
  };

  const focusOn = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    const { el } = found;
    if (!isShown(el)) return fail(`element [${bid}] is hidden; look at the page again`);
    bringIntoView(el);
    el.focus({ preventScroll: true });
    const focused = el.getRootNode().activeElement === el;
    return focused ? { what: describe(el) } : fail(`element [${bid}] cannot take focus`);
  };

  const selectOptions = (bid, wanted) => {
    const found = find(bid);
    if (found.error) return found;
    let { el } = found;
    if (tagOf(el) === 'label' && el.control) el = el.control;
    if (tagOf(el) !== 'select') {
      return fail(`element [${bid}] is not a native list box; click it and then click the option`);
    }
    if (isDisabled(el)) return fail(`element [${bid}] is disabled; something else has to be done before`);
    const options = [...el.options];
    const shown = options.slice(0, 60).map((option) => `"${clean(option.label)}"`).join(', ');
    if (!el.multiple && wanted.length !== 1) return fail(`element [${bid}] takes exactly one option; it has: ${shown}`);
    const chosen = [];
    for (const text of wanted) {
      const same = (a, b) => clean(a) === clean(b);
      const match =
        options.find((option) => same(option.label, text)) ??
        options.find((option) => same(option.text, text)) ??
        options.find((option) => option.value === text) ??
        options.find((option) => same(option.label.toLowerCase(), text.toLowerCase()));
      if (!match) return fail(`element [${bid}] has no option "${text.slice(0, 80)}"; it has: ${shown}`);
      if (match.disabled || match.closest('optgroup:disabled')) return fail(`option "${clean(match.label)}" is disabled`);
      chosen.push(match);
    }
    bringIntoView(el);
    el.focus({ preventScroll: true });
    const changed = options.some((option) => option.selected !== chosen.includes(option));
    for (const option of options) if (el.multiple) option.selected = chosen.includes(option);
    if (!el.multiple) chosen[0].selected = true;
    if (changed) notify(el);
    return { chosen: chosen.map((option) => clean(option.label)) };
  };

  // Whether a box is ticked; the error when it is no box.
  const tick = (bid) => {
    const found = find(bid);
    if (found.error) return found;
    let { el } = found;
    if (tagOf(el) === 'label' && el.control) el = el.control;
    const state = checkedState(el);
    if (state === null || state === undefined) {
      return fail(`element [${bid}] is ${describe(el)}, not a check box or radio button`);
    }
    return { checked: state === 'true', radio: el.type === 'radio' || roleOf(el) === 'radio' };
  };

  // ------------------------------------------------------------------ settling

  // Resolves when the document is complete and did not change for a while. A page without
  // scripts cannot change by itself; a moment is left for a submission to begin.
  const quiet = (quietMs) =>
    new Promise((resolve) => {
      const wait = document.scripts.length === 0 ? Math.min(quietMs, 10) : quietMs;
      let timer = 0;
      const observer = new MutationObserver(() => restart());
      const done = () => {
        if (document.readyState !== 'complete') return restart();
        observer.disconnect();
        resolve({ url: location.href });
      };
      const restart = () => {
        clearTimeout(timer);
        timer = setTimeout(done, wait);
      };
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      restart();
    });

  const where = () => ({ url: location.href, ready: document.readyState });
  const blurPoint = () => ({ x: Math.floor(innerWidth / 2), y: Math.floor(innerHeight / 2) });

  globalThis.__ARENA__ = {
    observe, point, place, prepareFill, fieldValue, focusOn, selectOptions, tick, quiet, where, centre: blurPoint,
  };
})();
