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
