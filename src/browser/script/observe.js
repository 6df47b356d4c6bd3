
  // ------------------------------------------------------------------ observation

  // Elements and the places of their nodes in the last observation, when they were asked for.
  let nodesOf = null;

  const SKIPPED = new Set([
    'script', 'style', 'template', 'noscript', 'head', 'link', 'meta', 'title', 'datalist', 'map', 'desc', 'defs',
    'metadata', 'symbol', 'clipPath', 'mask', 'pattern', 'marker', 'linearGradient', 'radialGradient', 'filter',
  ]);
  // Elements whose text is the name of what they are the first of.
  const CAPTIONS = { legend: 'fieldset', figcaption: 'figure', caption: 'table' };
  // Elements whose content is not part of the page, or is their value.
  const CLOSED = new Set(['select', 'textarea', 'video', 'audio', 'progress', 'meter', 'optgroup']);

  const writeAll = (leavesAbove, track) => {
    nodesOf = track ? new Map() : null;
    const writer = treeWriter(leavesAbove);
    writeDocument(document, 0, { x: 0, y: 0, left: 0, top: 0, right: innerWidth, bottom: innerHeight }, writer);
    return writer;
  };

  const observe = (track) =>
    remembering(() => {
      let writer = writeAll(false, track);
      // Of a page with more than fits, what is far above the visible part makes room for the rest.
      if (writer.isFull() && scrollY > 0) writer = writeAll(true, track);
      const places = track ? new Map(writer.out.map((node, at) => [node, at])) : null;
      nodesOf?.forEach((node, el) => nodesOf.set(el, places.get(node)));
      const focused = deepFocus();
      const root = document[$.scrollingElement] || document[$.documentElement];
      return toJson({
        url: location.href,
        title: clean(document[$.title]),
        tabs: [],
        focus: focused ? bids.get(focused) ?? null : null,
        scroll: {
          x: Math.round(scrollX),
          y: Math.round(scrollY),
          max_x: root ? Math.max(0, root[$.scrollWidth] - root[$.clientWidth]) : 0,
          max_y: root ? Math.max(0, root[$.scrollHeight] - root[$.clientHeight]) : 0,
        },
        nodes: writer.out,
        truncated: writer.truncated,
      });
    });

  // A page's text may hold halves of characters, which no other program reads.
  const toJson = (value) => {
    const text = JSON.stringify(value);
    if (!/\\u[dD]/.test(text)) return text;
    return JSON.stringify(value, (_, part) => (typeof part === 'string' ? part.toWellFormed() : part));
  };

  // Looks without telling anyone, so that the first look that counts finds its code compiled.
  const warm = () => {
    observe(false);
    forgetIds();
  };

  const BLANK = /^\s*$/;

  // The nodes so far and the run of text that is not finished yet.
  const treeWriter = (leavesAbove) => {
    const writer = { out: [], truncated: false, leavesAbove, level: 0, focusPath: new Set() };
    let chars = 0;
    let run = null;
    for (let el = deepFocus(); el; el = parentOf(el) ?? el[$.ownerDocument][$.defaultView]?.frameElement) writer.focusPath.add(el);

    writer.isFull = () => writer.out.length >= MAX_NODES || chars >= MAX_CHARS;
    writer.cut = (text) => {
      if (text.length <= MAX_TEXT) return text;
      writer.truncated = true;
      return `${startOf(text, MAX_TEXT)}\u2026`;
    };
    writer.push = (node) => {
      if (writer.isFull()) {
        writer.truncated = true;
        return false;
      }
      chars += node.name.length + (node.value?.length ?? 0) + 40;
      for (const option of node.options ?? []) chars += option.length + 4;
      writer.out.push(node);
      return true;
    };
    writer.flush = () => {
      if (!run) return;
      const { text, depth, inView } = run;
      run = null;
      const name = clean(text);
      if (name) writer.push({ depth, role: 'text', name: writer.cut(name), in_view: inView });
    };
    writer.addText = (data, el, depth, { place }) => {
      if (!run || run.depth !== depth) {
        writer.flush();
        run = { depth, text: '', inView: false };
      }
      if (BLANK.test(data)) {
        run.text += ' ';
        return;
      }
      run.text += shownText(data, el);
      run.inView ||= place.inView ??= boxOf(place.el, place.frame).inView;
    };
    return writer;
  };

  const boxOf = (el, frame) => {
    const rect = lookOf(el).tag === 'area' ? areaRect(el) : el[$.getBoundingClientRect]();
    const x = Math.round(rect.x + frame.x);
    const y = Math.round(rect.y + frame.y);
    const width = Math.round(rect.width);
    const height = Math.round(rect.height);
    const inView = width > 0 && height > 0 && x < frame.right && y < frame.bottom && x + width > frame.left && y + height > frame.top;
    return { box: [x, y, width, height], inView };
  };

  // A document inside its frame; while a modal dialog is open, nothing else can be reached.
  const writeDocument = (doc, depth, frame, writer) => {
    const top = { muted: false, visible: true, inside: false, frame, place: { el: doc[$.documentElement], frame, inView: undefined } };
    noteSheets(doc);
    const modal = topModal(doc, writer);
    if (modal) writeElement(modal, depth, top, writer);
    else if (doc[$.body]) writeElement(doc[$.body], depth, top, writer);
    else if (doc[$.documentElement]) writeChildren(doc[$.documentElement], depth, top, writer);
    writer.flush();
  };

  // A modal dialog takes the focus when it opens, also one in a shadow root.
  const topModal = (doc, writer) => {
    const focused = [...writer.focusPath].find((el) => el[$.ownerDocument] === doc && tagOf(el) === 'dialog' && el[$.matches](':modal'));
    return focused ?? [...doc[$.querySelectorAll]('dialog:modal')].at(-1);
  };

  const writeChildren = (el, depth, context, writer) => {
    if (writer.level >= MAX_DEPTH) {
      writer.truncated = true;
      return;
    }
    writer.level += 1;
    const generated = !context.muted && context.visible && hasGenerated(el);
    if (generated) writeGenerated(el, '::before', depth, context, writer);
    eachChild(el, (child) => {
      if (writer.truncated && writer.isFull()) return;
      if (child[$.nodeType] === 3) {
        if (!context.muted && context.visible) writer.addText(child.data, el, depth, context);
      } else if (isElement(child)) {
        writeElement(child, depth, context, writer);
      }
    });
    if (generated) writeGenerated(el, '::after', depth, context, writer);
    writer.level -= 1;
  };

  // Text that a style sheet puts before or after an element's content. Signs of a font of icons
  // are no text.
  const ICONS = /[\ue000-\uf8ff]/g;
  const writeGenerated = (el, which, depth, context, writer) => {
    const to = gatherer(false);
    addGenerated(el, which, to);
    const text = to.text.replace(ICONS, '');
    if (text) writer.addText(to.gap ? ` ${text} ` : text, el, depth, context);
  };

  const isOut = (el, look, writer) =>
    look.none || (look.has('inert') && el[$.inert]) ||
    (look.aria && isAriaHidden(el) && !writer.focusPath.has(el) && el !== el[$.ownerDocument][$.body]);

  // Whether an element ends more than a screen above the visible part of the page.
  const isFarAbove = (el, look, frame) => {
    if (!look.block) return false;
    const rect = el[$.getBoundingClientRect]();
    return rect.height > 0 && rect.bottom + frame.y < -innerHeight;
  };

  const writeElement = (el, depth, context, writer) => {
    const look = lookOf(el);
    const { tag } = look;
    if (tag === 'br') return writer.flush();
    if (SKIPPED.has(tag) || isOut(el, look, writer)) return;
    if (writer.leavesAbove && !writer.focusPath.has(el) && isFarAbove(el, look, context.frame)) {
      writer.truncated = true;
      return;
    }
    // Boxes of text are those of the block that it flows in.
    const place = look.block ? { el, frame: context.frame, inView: undefined } : context.place;
    const inner = { muted: context.muted, visible: look.visible, inside: context.inside, frame: context.frame, place };
    if (tag in CAPTIONS && isNaming(el, tag)) {
      inner.muted = true;
      return writeChildren(el, depth, inner, writer);
    }
    let role = look.visible ? roleOf(el) : '';
    if (tag === 'label' && look.visible) {
      const kind = labelKind(el);
      if (kind === 'silent') inner.muted = true;
      if (kind === 'label') role = 'label';
    }
    let interactive = INTERACTIVE.has(role) || role === 'label';
    if (look.visible && !interactive && isClickable(el, look, context)) {
      interactive = true;
      role ||= isEditable(el) ? 'textbox' : tag === 'a' && isPointed(look) ? 'link' : 'clickable';
    }
    if (role && (interactive || (role !== 'separator' && (!inner.muted || KEPT_IN_NAMES.has(role))))) {
      return writeNode(el, role, depth, inner, interactive, writer);
    }
    if (look.block) writer.flush();
    if (!look.locked) writeChildren(el, depth, inner, writer);
    if (look.block) writer.flush();
  };

  const writeNode = (el, role, depth, context, interactive, writer) => {
    writer.flush();
    const start = writer.out.length;
    const { tag } = lookOf(el);
    const name = nameOf(el, role);
    const box = boxOf(el, context.frame);
    const node = nodeFor(el, role, writer.cut(name), depth, box, interactive, writer);
    if (!writer.push(node)) return;
    nodesOf?.set(el, node);
    context.place = { el, frame: context.frame, inView: box.inView };
    context.inside ||= interactive;
    context.muted ||= name !== '' && isNamedByContent(el, role);
    if (role === 'iframe' && FRAMES.has(tag)) writeFrame(el, depth + 1, context.frame, writer);
    else if (tag === 'img' && el.useMap) writeAreas(el, depth + 1, context, writer);
    else if (!isClosed(el, tag, role)) writeChildren(el, depth + 1, context, writer);
    writer.flush();
    tidy(node, start, writer);
  };

  // Whether what is below an element is told by its value, or is not shown.
  const isClosed = (el, tag, role) => {
    if (CLOSED.has(tag) || lookOf(el).locked) return true;
    if (tag === 'object') return !el[$.firstElementChild]?.[$.checkVisibility]();
    return role === 'textbox' && isEditable(el) && !el[$.querySelector]('a[href], button, input, select, textarea, [role], [tabindex]');
  };

  const nodeFor = (el, role, name, depth, place, interactive, writer) => {
    const node = { depth, role, name, bbox: place.box, in_view: place.inView };
    if (interactive) node.bid = bidOf(el);
    const value = valueOf(el, role);
    if (value !== undefined && value !== '') node.value = writer.cut(value);
    const states = statesOf(el, role);
    if (states.length) node.states = states;
    if (lookOf(el).tag === 'select') {
      const options = shownOptions(el);
      node.options = options.slice(0, MAX_OPTIONS).map((option) => writer.cut(clean(option.label)));
      if (options.length > MAX_OPTIONS) writer.truncated = true;
    }
    return node;
  };

  // Text alone below a cell or list item becomes its name; what holds nothing is dropped.
  const tidy = (node, start, writer) => {
    const { out } = writer;
    const below = out.length - start - 1;
    if (below > 0 && !node.name && MERGES_TEXT.has(node.role)) {
      for (let at = start + 1; at < out.length; at++) if (out[at].role !== 'text') return;
      node.name = writer.cut(out.slice(start + 1).map((child) => child.name).join(' '));
      out.length = start + 1;
    } else if (below === 0 && !node.name && !node.bid && node.value === undefined && !KEPT_WHEN_EMPTY.has(node.role)) {
      out.length = start;
    }
  };

  // Whether a caption is the name of what it belongs to, so that its text need not be told again.
  const isNaming = (el, tag) => {
    const owner = el[$.parentElement];
    if (!owner || tagOf(owner) !== CAPTIONS[tag] || owner[$.querySelector](`:scope > ${tag}`) !== el) return false;
    return roleOf(owner) !== '' && !isGiven(owner, 'aria-label') && !isGiven(owner, 'aria-labelledby');
  };

  // What happens to a label: silent when its field is there and has it for its name, the field's
  // stand-in when the field itself is not there, plain text otherwise.
  const labelKind = (el) => {
    const field = el.control;
    if (!field) return '';
    if (field.type === 'hidden' || isSilent(field)) return 'label';
    return isGiven(field, 'aria-label') || isGiven(field, 'aria-labelledby') ? '' : 'silent';
  };

  const writeFrame = (el, depth, frame, writer) => {
    const inner = frameDocument(el);
    if (!inner) return;
    const rect = el[$.getBoundingClientRect]();
    const { style } = lookOf(el);
    const x = rect.left + frame.x + el[$.clientLeft] + parseFloat(style.paddingLeft);
    const y = rect.top + frame.y + el[$.clientTop] + parseFloat(style.paddingTop);
    writeDocument(inner, depth, {
      x, y, left: Math.max(x, frame.left), top: Math.max(y, frame.top),
      right: Math.min(x + el[$.clientWidth], frame.right), bottom: Math.min(y + el[$.clientHeight], frame.bottom),
    }, writer);
  };

  // The links of a picture with a map stand below it, wherever the map is.
  const writeAreas = (img, depth, context, writer) => {
    const map = img[$.ownerDocument][$.querySelector](`map[name="${CSS.escape(img.useMap.replace(/^#/, ''))}"]`);
    for (const area of map?.[$.querySelectorAll]('area[href]') ?? []) writeNode(area, 'link', depth, { ...context, muted: true }, true, writer);
  };

  // Elements that no role calls interactive, but that can be focused or look as if a click does
  // something. Event listeners cannot be seen, so the mouse cursor has to tell.
  const isClickable = (el, look, context) => {
    const { tag } = look;
    if (tag === 'body' || tag === 'html') return false;
    if (look.has('onclick') || (look.has('draggable') && el[$.draggable]) || isEditable(el)) return true;
    if (FOCUSABLE.has(tag) || look.has('tabindex') || look.has('contenteditable') || (tag === 'a' && look.has('href'))) {
      if (el[$.tabIndex] >= 0 && !FRAMES.has(tag)) return true;
    }
    if (context.inside || tag === 'label' || !isPointed(look)) return false;
    const parent = parentOf(el);
    return !parent || !isPointed(lookOf(parent));
  };
  const FOCUSABLE = new Set(['button', 'input', 'select', 'textarea', 'summary']);

  // ------------------------------------------------------------------ comparison

  // Where elements are in the observation before, and what they are: the comparison with the
  // browser's own tree asks this.
  const identify = (...els) => {
    const nodes = nodesOf ?? new Map();
    const namers = new Set([...nodes.keys()].filter((el) => isNamedByContent(el, roleOf(el))));
    return els.map((el) => {
      // Such as the text that a style sheet adds, which is no element of the document.
      if (typeof el?.nodeType !== 'number') return { what: 'no element', part: 'native' };
      // Elements of frames whose documents were never prepared.
      if (typeof el[$.getRootNode] !== 'function') return { what: `<${el.localName}>`, part: 'foreign' };
      const answer = { what: outline(el), part: partOf(el) };
      if (isElement(el)) {
        answer.tabbable = el[$.hasAttribute]('tabindex') && el[$.tabIndex] >= 0;
        answer.editor = isEditable(el);
        answer.dragged = el[$.draggable] === true && !el[$.hasAttribute]('role') && !(tagOf(el) in TAG_ROLES);
        answer.empty = clean(el[$.textContent]) === '' && !el[$.querySelector]('a, button, input, select, textarea, img');
        for (let up = parentOf(el); up && !answer.within; up = parentOf(up)) answer.within = namers.has(up);
      }
      const select = tagOf(el) === 'option' ? el[$.closest]('select') : null;
      if (nodes.has(select) && el.hidden) answer.part = 'unshown';
      else if (nodes.has(select)) Object.assign(answer, { node: nodes.get(select), option: shownOptions(select).indexOf(el) });
      else answer.node = nodes.get(el);
      return answer;
    });
  };

  // An element as a person finds it in the page's source.
  const outline = (el) => {
    if (!isElement(el)) return el[$.nodeName];
    const attributes = ['id', 'type', 'role', 'name', 'href', 'class', 'title'].filter((name) => el[$.hasAttribute](name));
    const shown = attributes.slice(0, 4).map((name) => ` ${name}="${el[$.getAttribute](name).slice(0, 40)}"`);
    return `<${tagOf(el)}${shown.join('')}>`;
  };

  const HOSTS = /-|^(article|aside|blockquote|body|div|footer|h[1-6]|header|main|nav|p|section|span)$/;
  // Whether an element is a part of a native control, or lies in a closed shadow root.
  const partOf = (el) => {
    const root = el[$.getRootNode]();
    if (!(root instanceof ShadowRoot) || root[$.host][$.shadowRoot] === root) return '';
    return HOSTS.test(tagOf(root[$.host])) ? 'closed' : 'native';
  };
