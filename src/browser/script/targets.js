
  // ------------------------------------------------------------------ targets of actions

  const fail = (error) => ({ error });

  // The element, or why it cannot be used. Ids are given by looking at a document, so a document
  // in which none was given has not been looked at.
  const find = (bid) => {
    const el = elements.get(bid)?.deref();
    if (el?.[$.isConnected] && el[$.ownerDocument][$.defaultView]) return { el };
    if (elements.has(bid)) {
      return fail(`element [${bid}] is no longer on the page, which has changed since; look again and use the ids of now`);
    }
    if (!/^\d+$/.test(bid)) {
      return fail(`there is no element [${startOf(bid, 40)}]; an id is the number in square brackets alone, such as 12`);
    }
    if (elements.size === 0) {
      return fail(`there is no element [${bid}] here: the page was opened or replaced after you looked (it is now ${startOf(location.href, 200)}); look again and use the ids of now`);
    }
    return fail(`there is no element [${bid}] on this page and there never was; use an id from the last observation`);
  };

  // Role and name, e.g. `button "Send"`.
  const kindOf = (el) => {
    const role = roleOf(el);
    if (!role) return '';
    const name = nameOf(el, role) || (MERGES_TEXT.has(role) ? clean(textOf(el, null)) : '');
    return `${role}${name ? ` "${startOf(name, 80)}"` : ''}`;
  };

  const describe = (el) => {
    for (let at = el; at; at = parentOf(at)) {
      const kind = kindOf(at);
      if (!kind) continue;
      const bid = bids.get(at);
      return `${bid ? `[${bid}] ` : ''}${kind}`;
    }
    const text = startOf(clean(el[$.textContent]), 60);
    return `a ${tagOf(el)} element${text && ` with "${text}"`}`;
  };

  const called = (bid, el) => {
    const kind = kindOf(el);
    return `element [${bid}]${kind ? ` (${kind})` : ''}`;
  };

  const frameOffset = (el) => {
    let x = 0;
    let y = 0;
    for (let view = el[$.ownerDocument][$.defaultView]; view && view !== window; view = view.parent) {
      const frame = view.frameElement;
      if (!frame) break;
      const rect = frame[$.getBoundingClientRect]();
      const style = styleOf(frame);
      x += rect.left + frame[$.clientLeft] + parseFloat(style.paddingLeft);
      y += rect.top + frame[$.clientTop] + parseFloat(style.paddingTop);
    }
    return { x, y };
  };

  const hitAt = (x, y) => {
    let root = document;
    let el = null;
    for (;;) {
      const found = root[$.elementFromPoint](x, y);
      if (!found || found === el) return found ?? el;
      el = found;
      if (el[$.shadowRoot]) {
        root = el[$.shadowRoot];
      } else if (tagOf(el) === 'iframe' && frameDocument(el)) {
        const rect = el[$.getBoundingClientRect]();
        const style = styleOf(el);
        x -= rect.left + el[$.clientLeft] + parseFloat(style.paddingLeft);
        y -= rect.top + el[$.clientTop] + parseFloat(style.paddingTop);
        root = frameDocument(el);
      } else {
        return el;
      }
    }
  };

  const belongs = (el, hit) =>
    contains(el, hit) ||
    (hit && labelsOf(el) ? [...labelsOf(el)].some((label) => contains(label, hit)) : false) ||
    (tagOf(el) === 'label' && el.control ? contains(el.control, hit) : false);

  const drawn = (rects) => [...rects].find((rect) => rect.width > 0 && rect.height > 0);

  const visibleRect = (el) => {
    if (tagOf(el) === 'area') return drawn([areaRect(el)]) ?? null;
    const own = drawn(el[$.getClientRects]());
    if (own) return own;
    // A field that is not drawn itself is reached by its label.
    const label = labelsOf(el) && [...labelsOf(el)].find((l) => l[$.getClientRects]().length > 0);
    if (label) return label[$.getBoundingClientRect]();
    // A link without a box of its own is reached by what is in it.
    for (const inner of [...el[$.querySelectorAll]('*')].slice(0, 50)) {
      const rect = styleOf(inner).visibility === 'visible' && drawn(inner[$.getClientRects]());
      if (rect) return rect;
    }
    return null;
  };

  const isShown = (el) => {
    const style = styleOf(el);
    // Areas of a picture are never laid out themselves.
    return style.visibility === 'visible' && (style.display !== 'none' || tagOf(el) === 'area') && !!visibleRect(el);
  };

  const hidden = (bid, el) => {
    const list = tagOf(el) === 'option' && el[$.closest]('select');
    if (list && bids.has(list)) {
      return fail(`element [${bid}] is an option of a list box; use select_option('${bids.get(list)}', '${clean(el.label)}')`);
    }
    return fail(`${called(bid, el)} is hidden; do first what shows it, such as opening the menu or section that holds it, then look at the page again`);
  };

  const disabled = (bid, el) => fail(`${called(bid, el)} is disabled; something else has to be done before, such as filling in what is required`);

  const isInert = (el) => {
    for (let at = el; at; at = parentOf(at)) if (at[$.inert]) return true;
    return false;
  };

  const inert = (bid, el) => fail(`${called(bid, el)} is inert: the page takes no input there now; close or finish first what is open instead of it`);

  // What keeps a click from an element that something lies over or around.
  const unreached = (bid, el, blocker) => {
    if (isInert(el)) return inert(bid, el);
    if (styleOf(el).pointerEvents === 'none') return fail(`${called(bid, el)} lets clicks pass through to what is behind it; use something else`);
    if (blocker && contains(blocker, el)) return fail(`${called(bid, el)} is cut off by what holds it (${describe(blocker)}); open or scroll that first`);
    return fail(`${called(bid, el)} is covered by ${blocker ? describe(blocker) : 'something outside the page'}; close or move what covers it first`);
  };

  // Scrolls an element into view; in the middle when that is asked for or far away.
  const bringIntoView = (el, centre) => {
    const rect = visibleRect(el);
    const view = el[$.ownerDocument][$.defaultView];
    const inside = rect.top >= 0 && rect.left >= 0 && rect.bottom <= view.innerHeight && rect.right <= view.innerWidth;
    if (centre || !inside || view !== window) {
      const picture = tagOf(el) === 'area' && view.document[$.querySelector](`img[usemap="#${CSS.escape(el[$.closest]('map')?.name ?? '')}"]`);
      const target = picture || (el[$.getClientRects]().length ? el : labelsOf(el)?.[0] ?? el[$.firstElementChild] ?? el);
      target[$.scrollIntoView]({ block: inside && !centre ? 'nearest' : 'center', inline: 'nearest', behavior: 'instant' });
    }
  };

  const SPOTS = [[0.5, 0.5], [0.25, 0.5], [0.75, 0.5], [0.5, 0.25], [0.5, 0.75], [0.1, 0.1], [0.9, 0.9]];

  // A point where a click reaches the element, or what is in its way.
  const reach = (el) => {
    const rect = visibleRect(el);
    const offset = frameOffset(el);
    const left = Math.max(rect.left + offset.x, 0);
    const top = Math.max(rect.top + offset.y, 0);
    const right = Math.min(rect.right + offset.x, innerWidth);
    const bottom = Math.min(rect.bottom + offset.y, innerHeight);
    if (right - left < 1 || bottom - top < 1) return { outside: true };
    let blocker = null;
    for (const [fx, fy] of SPOTS) {
      const x = Math.floor(left + (right - left) * fx);
      const y = Math.floor(top + (bottom - top) * fy);
      const hit = hitAt(x, y);
      if (belongs(el, hit)) return { x, y };
      blocker ??= hit;
    }
    return { blocker };
  };

  // Whether an element keeps its place while the page scrolls, as a bar at the top does.
  const floats = (el) => {
    for (let at = el; at; at = parentOf(at)) if (['fixed', 'sticky'].includes(styleOf(at).position)) return true;
    return false;
  };

  // A point of the element that a click reaches, in pixels of the viewport.
  const point = (bid, allowDisabled) => {
    const found = find(bid);
    if (found.error) return found;
    const { el } = found;
    if (!isShown(el)) return hidden(bid, el);
    if (!allowDisabled && isDisabled(el)) return disabled(bid, el);
    bringIntoView(el, false);
    let reached = reach(el);
    if (reached.blocker && floats(reached.blocker)) {
      // Away from under a bar that does not scroll.
      bringIntoView(el, true);
      reached = reach(el);
    }
    if (reached.outside) return fail(`${called(bid, el)} cannot be scrolled into view: it lies outside of what the page shows; scroll what holds it, or do first what brings it there`);
    if (reached.x === undefined) return unreached(bid, el, reached.blocker);
    watch(el);
    const native = tagOf(el) === 'select' && !el.multiple && el.size <= 1;
    const file = tagOf(el) === 'input' && el.type === 'file';
    const hint = native ? '; to choose in it use select_option' : file ? '; to put files into it use upload_file' : '';
    return { x: reached.x, y: reached.y, what: describe(el), hint };
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
    return inside ? { x, y } : fail(`${called(bid, found.el)} is too far away to be dragged to; use mouse_down, scroll and mouse_up`);
  };

  // Between finding a point and pressing there the page may move. What the next press really
  // lands on is noted as it lands, before the page can change because of it.
  let watched = null;

  const watch = (el) => {
    watched?.stop.abort();
    const stop = new AbortController();
    const mine = { stop, missed: null };
    watched = mine;
    const land = (event) => {
      stop.abort();
      const hit = event.composedPath()[0];
      if (!belongs(el, hit)) mine.missed = hit[$.nodeType] === 1 ? describe(hit) : 'the page';
    };
    for (const view of new Set([window, el[$.ownerDocument][$.defaultView]])) {
      view.addEventListener('pointerdown', land, { capture: true, signal: stop.signal });
    }
  };

  const landed = () => {
    const missed = watched?.missed ?? null;
    watched?.stop.abort();
    watched = null;
    return { missed };
  };
