
  // The observation: the tree as one JSON string.

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
