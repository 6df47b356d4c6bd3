// The arena's eyes and hands inside a page. Runs in an isolated world of the page: it shares the
// document with the page's own scripts, but none of their variables, so a page can neither read
// nor forge what is kept here. Every function returns plain data.
(() => {
  if (globalThis.__ARENA__) return;

  const MAX_NODES = 5000;
  const MAX_CHARS = 200000;
  const MAX_TEXT = 2000;
  const MAX_OPTIONS = 200;
  // Levels of elements inside each other; a parser stops at 512, a script need not.
  const MAX_DEPTH = 800;

  // A form's fields hide its properties (`<input name="matches">`), and named elements hide those of
  // their document. Symbols cannot be hidden: what is asked of nodes is asked by these.
  const $ = {};
  const ASKED = (
    'nodeType nodeName ownerDocument parentElement firstChild nextSibling textContent isConnected getRootNode ' +
    'localName getAttribute getAttributeNames hasAttribute hasAttributeNS matches closest querySelector ' +
    'querySelectorAll getBoundingClientRect getClientRects assignedSlot shadowRoot children firstElementChild ' +
    'previousElementSibling nextElementSibling clientTop clientLeft clientWidth clientHeight scrollWidth ' +
    'scrollHeight scrollTop scrollLeft scrollBy scrollIntoView checkVisibility assignedNodes tabIndex draggable ' +
    'inert isContentEditable innerText focus title dispatchEvent defaultView documentElement body activeElement ' +
    'elementFromPoint ariaLabelledByElements readyState scripts styleSheets adoptedStyleSheets getElementById scrollingElement host'
  ).split(' ');
  const TYPES = ['EventTarget', 'Node', 'Element', 'HTMLElement', 'SVGElement', 'MathMLElement', 'HTMLSlotElement', 'Document', 'DocumentFragment', 'ShadowRoot'];
  for (const name of ASKED) $[name] = Symbol.for(`__ARENA__ ${name}`);

  // Of a frame's document nothing but this can be asked before it is prepared.
  const viewOf = (doc) => Object.getOwnPropertyDescriptor(Document.prototype, 'defaultView').get.call(doc);

  // Each frame has prototypes of its own.
  const prepare = (view) => {
    if (!view || view.Node.prototype[$.getRootNode]) return;
    for (const type of TYPES) {
      const { prototype } = view[type];
      for (const name of ASKED) {
        const property = Object.getOwnPropertyDescriptor(prototype, name);
        if (property) Object.defineProperty(prototype, $[name], property);
      }
    }
  };
  prepare(globalThis);

  // Ids of elements, counted from 1 in each document, kept for the element's lifetime.
  let bids = new WeakMap();
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

  const forgetIds = () => {
    bids = new WeakMap();
    elements.clear();
    counter = 0;
  };

  const UNTIDY = /[\s\u00a0]{2}|[\t-\r\u00a0]/;
  const clean = (text) => (UNTIDY.test(text) ? text.replace(/[\s\u00a0]+/g, ' ').trim() : text.trim());
  const styleOf = (el) => el[$.ownerDocument][$.defaultView].getComputedStyle(el);
  const isElement = (node) => node[$.nodeType] === 1;
  const tagOf = (el) => el[$.localName];

  // What is asked about a page many times within one task, and cannot change meanwhile.
  let looks = null;
  let sheets = null;
  // Elements that `aria-owns` gives to another element than their parent, and what each owner has.
  let owners = new Map();
  let owned = new Map();
  // How deep the content that is read lies, names that are part of names included, and whether a
  // drawing takes it from elsewhere: what refers to itself must come to an end.
  let within = { level: 0, used: false };
  const remembering = (work) => {
    within = { level: 0, used: false };
    looks = new Map();
    owners = new Map();
    owned = new Map();
    sheets = { seen: new Set(), generated: new Set(), uses: new Set() };
    try {
      return work();
    } finally {
      looks = sheets = null;
    }
  };

  // Whether a property may differ from the browser's own style: something in the page sets it.
  const mayUse = (property) => !sheets || sheets.uses.has(property);

  const INLINE = /^(inline|contents|ruby|none)/;
  const FLOWS = /^(inline|contents|ruby.*|none)$/;

  // What an element is and how it is laid out: whether it has a box at all, can be seen, stands on
  // its own lines, and whether its text is set apart from the words before and after. Asking the
  // page is what an observation spends its time on, so each thing is asked once, when needed.
  class Look {
    constructor(el) {
      this.tag = el[$.localName];
      this.names = el[$.getAttributeNames]();
      this.aria = this.names.some((name) => name.startsWith('aria-'));
      this.style = styleOf(el);
      const { display } = this.style;
      this.none = display === 'none';
      this.visible = !mayUse('visibility') || this.style.visibility === 'visible';
      this.locked = (this.has('hidden') || mayUse('content-visibility')) && this.style.contentVisibility === 'hidden';
      this.block = display === 'block' || !INLINE.test(display);
      this.apart = this.block || !FLOWS.test(display);
      this.role = undefined;
      this.pointer = undefined;
      this.transform = undefined;
    }

    has(name) {
      return this.names.length > 0 && this.names.includes(name);
    }
  }

  const lookOf = (el) => {
    let look = looks?.get(el);
    if (!look) {
      look = new Look(el);
      looks?.set(el, look);
    }
    return look;
  };

  const isPointed = (look) => (look.pointer ??= mayUse('cursor') && look.style.cursor === 'pointer');

  // An ARIA attribute's text; empty when there is none.
  const ariaOf = (el, name) => (lookOf(el).aria ? (el[$.getAttribute](name) ?? '') : '');

  // ------------------------------------------------------------------ style sheets

  // Properties that are asked for only where something sets them.
  const RARE = ['visibility', 'cursor', 'content-visibility', 'text-transform'];

  // What the rules of a style sheet are used for here; rules seldom change, and then their number.
  const sheetFacts = new WeakMap();

  const noteOwnStyles = (root) => {
    for (const el of root[$.querySelectorAll]('[style], [visibility], [cursor]')) {
      const own = el[$.getAttribute]('style') ?? '';
      for (const property of RARE) if (own.includes(property) || el[$.hasAttribute](property)) sheets.uses.add(property);
    }
  };

  // Takes in the style sheets of a document or a shadow root.
  const noteSheets = (root) => {
    if (!sheets || sheets.seen.has(root)) return;
    sheets.seen.add(root);
    noteOwned(root);
    const selectors = [];
    for (const sheet of [...(root[$.styleSheets] ?? []), ...(root[$.adoptedStyleSheets] ?? [])]) {
      if (sheet.disabled) continue;
      const facts = factsOf(sheet);
      selectors.push(...facts.selectors);
      facts.uses.forEach((property) => sheets.uses.add(property));
    }
    noteOwnStyles(root);
    for (const selector of selectors) noteGenerated(root, selector);
  };

  // The first owner has an element; nothing belongs to what is inside it.
  const noteOwned = (root) => {
    for (const owner of root[$.querySelectorAll]('[aria-owns]')) {
      for (const id of owner[$.getAttribute]('aria-owns').split(/\s+/).filter(Boolean)) {
        const el = root[$.querySelector](`#${CSS.escape(id)}`);
        if (!el || owners.has(el) || contains(el, owner)) continue;
        owners.set(el, owner);
        owned.set(owner, [...(owned.get(owner) ?? []), el]);
      }
    }
  };

  // Elements to which a rule of this document or shadow root may add text.
  const noteGenerated = (root, selector) => {
    const note = (el) => sheets.generated.add(el);
    if (selector.includes('::slotted')) {
      for (const slot of root[$.querySelectorAll]('slot')) slot.assignedElements({ flatten: true }).forEach(note);
    } else if (selector.includes(':host')) {
      if (root[$.host]) note(root[$.host]);
      root[$.querySelectorAll]('*').forEach(note);
    } else {
      try {
        root[$.querySelectorAll](selector).forEach(note);
      } catch {
        // A selector that only a style sheet understands, such as one of a part.
      }
    }
  };

  const factsOf = (sheet) => {
    let rules;
    try {
      rules = sheet.cssRules;
    } catch {
      // A style sheet of another origin cannot be read: it may do anything.
      return { selectors: ['*'], uses: RARE };
    }
    const known = sheetFacts.get(sheet);
    if (known?.count === rules.length) return known;
    const facts = { count: rules.length, selectors: [], uses: new Set() };
    collectFacts(rules, '', facts);
    sheetFacts.set(sheet, facts);
    return facts;
  };

  const PSEUDO = /::?(before|after)\s*$/;
  const collectFacts = (rules, parent, facts) => {
    for (const rule of rules) {
      if (rule.styleSheet) {
        const imported = factsOf(rule.styleSheet);
        facts.selectors.push(...imported.selectors);
        imported.uses.forEach((property) => facts.uses.add(property));
        continue;
      }
      const selector = rule.selectorText ? nestedSelector(rule.selectorText, parent) : parent;
      const { style } = rule;
      if (style) {
        for (const property of RARE) if (style.getPropertyValue(property)) facts.uses.add(property);
        if (style.content && PSEUDO_WORD.test(selector)) facts.selectors.push(...generatedSelectors(selector));
      }
      if (rule.cssRules?.length) collectFacts(rule.cssRules, selector, facts);
    }
  };
  const PSEUDO_WORD = /before|after/;

  const nestedSelector = (selector, parent) => {
    if (!parent) return selector;
    return selector.includes('&') ? selector.replaceAll('&', `:is(${parent})`) : `:is(${parent}) :is(${selector})`;
  };

  // Selectors of the elements before or after whose content a rule adds text.
  const generatedSelectors = (selector) =>
    selector
      .split(/,(?![^(]*\))/)
      .filter((part) => PSEUDO.test(part))
      .map((part) => part.replace(PSEUDO, '').trim().replace(/(^|[\s>+~])$/, '$1*'));

  // ------------------------------------------------------------------ walking

  // Children as they are drawn: shadow content instead of light children, slots filled, folded
  // details without what they fold away.
  const childrenOf = (el) => {
    const tag = tagOf(el);
    if (tag === 'slot') {
      const assigned = el[$.assignedNodes]({ flatten: true });
      if (assigned.length) return assigned;
    }
    if (tag === 'details' && !el.open) return [...el[$.children]].filter((child) => tagOf(child) === 'summary').slice(0, 1);
    return null;
  };

  const eachChild = (el, visit) => {
    if (owners.size === 0) return eachOwnChild(el, visit);
    eachOwnChild(el, (child) => {
      if (!owners.has(child)) visit(child);
    });
    owned.get(el)?.forEach(visit);
  };

  const eachOwnChild = (el, visit) => {
    const special = childrenOf(el);
    if (special) {
      special.forEach(visit);
      return;
    }
    const root = el[$.shadowRoot];
    if (root) noteSheets(root);
    let child = (root ?? el)[$.firstChild];
    while (child) {
      visit(child);
      child = child[$.nextSibling];
    }
  };

  const parentOf = (el) =>
    el[$.assignedSlot] || el[$.parentElement] || (el[$.getRootNode]()[$.host] ?? null);

  // The element to which it belongs for those who cannot see the page.
  const ownerOf = (el) => owners.get(el) ?? parentOf(el);

  const contains = (outer, inner) => {
    for (let el = inner; el; el = parentOf(el)) if (el === outer) return true;
    return false;
  };

  // The window in an embedded element; one of another origin does not tell what it is in.
  const viewIn = (el) =>
    Array.from(el[$.ownerDocument][$.defaultView].frames).find((view) => {
      try {
        return view.frameElement === el;
      } catch {
        return false;
      }
    });

  // The document in a frame, if it is of the same origin.
  const frameDocument = (el) => {
    try {
      const inner = el.contentDocument ?? viewIn(el)?.document ?? null;
      if (inner) prepare(viewOf(inner));
      return inner;
    } catch {
      return null;
    }
  };

  // A form has no labels and no value, but may have fields with these names.
  const isForm = (el) => tagOf(el) === 'form';
  const labelsOf = (el) => (isForm(el) ? null : el.labels);
  const rawValue = (el) => (isForm(el) ? undefined : el.value);

  // The start of a text, never half of a character.
  const startOf = (text, length) => text.slice(0, length).toWellFormed();

  // Text as it is shown: style sheets may change its case.
  const shownText = (data, el) => {
    const look = lookOf(el);
    look.transform ??= mayUse('text-transform') ? look.style.textTransform : 'none';
    switch (look.transform) {
      case 'uppercase':
        return data.toUpperCase();
      case 'lowercase':
        return data.toLowerCase();
      case 'capitalize':
        return data.replace(/(?<![\p{L}\p{N}'])\p{L}/gu, (letter) => letter.toUpperCase());
      default:
        return data;
    }
  };

  const FRAMES = new Set(['iframe', 'frame', 'object', 'embed']);
  const deepFocus = () => {
    let el = document[$.activeElement];
    for (;;) {
      const inner = el?.[$.shadowRoot]?.[$.activeElement] ?? (el && FRAMES.has(tagOf(el)) ? frameDocument(el)?.[$.activeElement] : null);
      if (!inner) break;
      el = inner;
    }
    return el === document[$.body] ? null : el;
  };

  // An area of a picture has no box of its own: its coordinates are those of the picture.
  const areaRect = (area) => {
    const name = area[$.closest]('map')?.name ?? '';
    const img = area[$.ownerDocument][$.querySelector](`img[usemap="#${CSS.escape(name)}"]`);
    const box = img?.[$.getBoundingClientRect]() ?? new DOMRect();
    const c = (area.coords || '').split(',').map(Number);
    if (area.shape === 'default' || c.length < 3 || c.some(Number.isNaN)) return box;
    if (area.shape === 'circle') return new DOMRect(box.x + c[0] - c[2], box.y + c[1] - c[2], 2 * c[2], 2 * c[2]);
    const xs = c.filter((_, at) => at % 2 === 0);
    const ys = c.filter((_, at) => at % 2 === 1);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return new DOMRect(box.x + x, box.y + y, Math.max(...xs) - x, Math.max(...ys) - y);
  };
