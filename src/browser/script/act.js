
  // ------------------------------------------------------------------ targets of actions

  const fail = (error) => ({ error });

  // The element, or why it cannot be used.
  const find = (bid) => {
    touched = performance.now();
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

  // Scrolls the document by the height of the viewport.
  const scrollPage = (down) => {
    const root = document.scrollingElement || document.documentElement;
    const before = root.scrollTop;
    root.scrollBy({ top: down ? innerHeight : -innerHeight, behavior: 'instant' });
    const by = Math.abs(Math.round(root.scrollTop - before));
    return by > 0 ? { by } : fail(`the page is at its ${down ? 'end' : 'top'} already; there is nothing more to scroll to`);
  };

  const where = () => ({ url: location.href, ready: document.readyState });
  const blurPoint = () => ({ x: Math.floor(innerWidth / 2), y: Math.floor(innerHeight / 2) });

  globalThis.__ARENA__ = {
    observe, identify, point, place, prepareFill, fieldValue, focusOn, selectOptions, tick, scrollPage, quiet, where, centre: blurPoint,
  };
})();
