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

  // What is asked about a page many times within one task, and cannot change meanwhile.
  let looks = null;
  let generated = null;
  const remembering = (work) => {
    looks = new Map();
    generated = new Map();
    try {
      return work();
    } finally {
      looks = generated = null;
    }
  };

  const FLOWS = /^(inline|contents|ruby.*|none)$/;

  // How an element is laid out: whether it has a box at all, can be seen, stands on its own
  // lines, and whether its text is set apart from the words before and after.
  const lookOf = (el) => {
    let look = looks?.get(el);
    if (!look) {
      const style = styleOf(el);
      const { display } = style;
      look = {
        style, none: display === 'none', visible: style.visibility === 'visible', block: !/^(inline|contents|ruby|none)/.test(display),
        apart: !FLOWS.test(display),
      };
      looks?.set(el, look);
    }
    return look;
  };

  // Children as they are drawn: shadow content instead of light children, slots filled, folded
  // details without what they fold away.
  const childrenOf = (el) => {
    if (el.shadowRoot) return el.shadowRoot.childNodes;
    const tag = tagOf(el);
    if (tag === 'slot') {
      const assigned = el.assignedNodes({ flatten: true });
      if (assigned.length) return assigned;
    }
    if (tag === 'details' && !el.open) {
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

  // Text as it is shown: style sheets may change its case.
  const shownText = (data, el) => {
    switch (lookOf(el).style.textTransform) {
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

  const deepFocus = () => {
    let el = document.activeElement;
    for (;;) {
      const inner = el?.shadowRoot?.activeElement ?? (el && tagOf(el) === 'iframe' ? frameDocument(el)?.activeElement : null);
      if (!inner) break;
      el = inner;
    }
    return el === document.body ? null : el;
  };

  // An area of a picture has no box of its own: its coordinates are those of the picture.
  const areaRect = (area) => {
    const name = area.closest('map')?.name ?? '';
    const img = area.ownerDocument.querySelector(`img[usemap="#${CSS.escape(name)}"]`);
    const box = img?.getBoundingClientRect() ?? new DOMRect();
    const c = (area.coords || '').split(',').map(Number);
    if (area.shape === 'default' || c.length < 3 || c.some(Number.isNaN)) return box;
    if (area.shape === 'circle') return new DOMRect(box.x + c[0] - c[2], box.y + c[1] - c[2], 2 * c[2], 2 * c[2]);
    const xs = c.filter((_, at) => at % 2 === 0);
    const ys = c.filter((_, at) => at % 2 === 1);
    const [x, y] = [Math.min(...xs), Math.min(...ys)];
    return new DOMRect(box.x + x, box.y + y, Math.max(...xs) - x, Math.max(...ys) - y);
  };
