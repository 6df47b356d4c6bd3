
  // ------------------------------------------------------------------ names

  // Accessible names as the Accessible Name and Description Computation has them, with the
  // choices that Chromium makes where it leaves some.

  const SILENT = new Set([
    'script', 'style', 'template', 'noscript', 'head', 'link', 'meta', 'title', 'datalist', 'rt', 'rp', 'desc', 'defs',
    'metadata', 'symbol',
  ]);
  const CONTROLS = new Set(['button', 'checkbox', 'radio', 'switch', 'textbox', 'combobox', 'listbox', 'slider', 'spinbutton']);
  const isControl = (el, look) => (look.tag === 'button' || look.has('role')) && CONTROLS.has(roleOf(el));

  // Text put together from pieces: a space where two pieces would touch that do not belong to one
  // run of words.
  const gatherer = (following) => ({ text: '', gap: false, following });
  const gather = (to, piece) => {
    if (!piece) return;
    if (to.gap && to.text && !/\s$/.test(to.text) && !/^\s/.test(piece)) to.text += ' ';
    to.text += piece;
    to.gap = false;
  };

  const isAriaHidden = (el) => ariaOf(el, 'aria-hidden') === 'true';
  const isSilent = (el) => {
    const look = lookOf(el);
    return look.none || !look.visible || isAriaHidden(el);
  };

  // The same, where nothing is known of what it stands in.
  const isUnseen = (el) => isSilent(el) || (!el[$.checkVisibility]() && lookOf(el).style.display !== 'contents');

  // What stands for one element inside another's name. `skip` is the field that a label belongs
  // to; `all` takes hidden parts too, for what an author names by its id.
  const addAlternative = (el, to, skip, all) => {
    if (el === skip || to.text.length > MAX_TEXT) return;
    const look = lookOf(el);
    const { tag } = look;
    if (SILENT.has(tag)) return;
    if (tag === 'br' || tag === 'wbr') {
      to.gap = true;
      return;
    }
    if (!all && (look.none || look.has('inert') || isAriaHidden(el))) return;
    const own = all || look.visible ? alternativeOf(el, look, to.following) : undefined;
    const apart = look.apart || own !== undefined || (all && look.none) || tag === 'canvas' || isControl(el, look);
    if (apart) to.gap = true;
    if (own === undefined) addContent(el, to, skip, all);
    else gather(to, own);
    if (apart) to.gap = true;
  };

  // What is said instead of an element's content, if anything is. References are followed once:
  // not `following` one already.
  const alternativeOf = (el, look, following) => {
    const named = following ? '' : referenced(el, 'aria-labelledby');
    if (named) return named;
    const given = clean(ariaOf(el, 'aria-label'));
    const embedded = embeddedValue(el, given, look);
    return embedded || given || (embedded ?? ownAlternative(el, look));
  };

  // An item of a tree or a menu is not named by the items below it.
  const isSubtree = (el, child) => {
    const role = child[$.getAttribute]('role');
    if (role === 'group') return el[$.closest]('[role=treeitem]') !== null;
    return role === 'menu' && !hasGivenName(child) && el[$.closest]('[role=menuitem]') !== null;
  };

  // The text below an element, with what style sheets put before and after it.
  const addContent = (el, to, skip, all) => {
    const look = lookOf(el);
    if (within.level >= MAX_DEPTH) return;
    const heard = all || look.visible;
    const pseudo = heard && hasGenerated(el);
    if (look.tag === 'q') gather(to, '\u201c');
    if (pseudo) addGenerated(el, '::before', to);
    within.level += 1;
    if (look.tag === 'use') addUsed(el, to, skip);
    eachChild(el, (child) => {
      if (child[$.nodeType] === 3) {
        if (heard) gather(to, shownText(child.data, el));
        if (all) to.gap = true;
      } else if (isElement(child) && !isSubtree(el, child)) {
        addAlternative(child, to, skip, all);
      }
    });
    within.level -= 1;
    if (pseudo) addGenerated(el, '::after', to);
    if (look.tag === 'q') gather(to, '\u201d');
  };

  // What a drawing takes from elsewhere in the document, where it may be hidden; what that takes in
  // its turn is left out.
  const addUsed = (use, to, skip) => {
    const reference = use[$.getAttribute]('href') ?? use[$.getAttribute]('xlink:href') ?? '';
    const used = !within.used && reference.startsWith('#') && use[$.getRootNode]()[$.getElementById]?.(reference.slice(1));
    if (!used) return;
    within.used = true;
    const title = svgTitle(used);
    if (title) gather(to, title);
    else addContent(used, to, skip, true);
    within.used = false;
  };

  const FIELDS = new Set(['input', 'select', 'textarea', 'progress', 'meter']);

  // The value of a field that stands inside a name.
  const embeddedValue = (el, given, look) => {
    if (!FIELDS.has(look.tag) && !look.has('role')) return undefined;
    const role = roleOf(el);
    if (role === 'textbox' || role === 'searchbox') {
      const value = rawValue(el);
      return value !== undefined ? (el.type === 'password' ? given : clean(value)) : clean(contentOf(el));
    }
    if (role === 'combobox' || role === 'listbox') return chosenText(el, role);
    if (RANGES.has(role)) {
      return el[$.getAttribute]('aria-valuetext') || el[$.getAttribute]('aria-valuenow') || String(rawValue(el) ?? '');
    }
    return undefined;
  };
  const chosenText = (el, role) => {
    if (tagOf(el) === 'select') return [...el.selectedOptions].map((option) => clean(option.label)).join(' ');
    if (rawValue(el) !== undefined) return rawValue(el);
    if (role === 'combobox' && !el[$.querySelector]('[aria-selected="true"]')) return clean(contentOf(el));
    return [...el[$.querySelectorAll]('[role=option][aria-selected="true"]')].map((option) => clean(contentOf(option))).join(' ');
  };

  // What HTML itself gives for an element's text, inside another's name.
  const ownAlternative = (el, look) => {
    const { tag } = look;
    if (tag === 'img' || tag === 'area') return el.alt || el[$.getAttribute]('title') || '';
    if (tag === 'input') return nativeName(el) || '';
    if (tag === 'svg' || el.ownerSVGElement) return svgTitle(el) || undefined;
    if (EMBEDDED.has(tag)) return el[$.getAttribute]('title') ?? '';
    if (tag === 'table' || tag === 'fieldset') return nativeName(el) || undefined;
    return NO_CONTENT.has(tag) || (look.has('role') && roleOf(el) === 'img') ? '' : undefined;
  };
  const EMBEDDED = new Set(['iframe', 'object', 'embed']);
  const NO_CONTENT = new Set(['textarea', 'select', 'video', 'audio', 'math']);

  const contentOf = (el, skip = null, all = false, following = false) => {
    const to = gatherer(following);
    addContent(el, to, skip, all);
    return to.text;
  };
  const textOf = (el) => contentOf(el);

  const svgTitle = (el) => clean(el[$.querySelector](':scope > title')?.[$.textContent] ?? '');

  // ------------------------------------------------------------------ text of style sheets

  // Only where some rule may add text, an element has to be asked for it.
  const hasGenerated = (el) => sheets?.generated.has(el) ?? false;

  const addGenerated = (el, which, to) => {
    const style = el[$.ownerDocument][$.defaultView].getComputedStyle(el, which);
    const { content } = style;
    if (content === 'none' || content === 'normal' || style.display === 'none' || style.visibility !== 'visible') return;
    const parts = content.match(PIECES) ?? [];
    const slash = parts.indexOf('/');
    const apart = slash >= 0 || !FLOWS.test(style.display);
    if (apart) to.gap = true;
    gather(to, parts.slice(slash + 1).map((part) => generatedText(part, el)).join(''));
    if (apart) to.gap = true;
  };

  // `url(...) "one" attr(two) counter(three) open-quote / "four"`: what stands after the slash is said
  // instead; numbers that a style sheet counts are not said.
  const PIECES = /counters?\((?:"(?:[^"\\]|\\.)*"|[^")])*\)|url\("(?:[^"\\]|\\.)*"\)|"(?:[^"\\]|\\.)*"|attr\([^)]*\)|(?:open|close)-quote|\//g;
  const generatedText = (part, el) => {
    if (part.startsWith('url(') || part.startsWith('counter')) return '';
    if (part.startsWith('attr(')) return el[$.getAttribute](part.slice(5, -1).trim()) ?? '';
    if (part === 'open-quote') return '\u201c';
    if (part === 'close-quote') return '\u201d';
    const unescape = (_, hex, char) => (hex ? String.fromCodePoint(parseInt(hex, 16)) : char);
    return part.slice(1, -1).replace(/\\([0-9a-f]{1,6}) ?|\\(.)/gi, unescape);
  };

  // ------------------------------------------------------------------ the name of an element

  // Elements that an attribute names by their ids, or that a script of the page gave in its place.
  const targetsOf = (el, attribute) => {
    if (!lookOf(el).has(attribute)) return [];
    const root = el[$.getRootNode]();
    const ids = ariaOf(el, attribute).split(/\s+/).filter(Boolean);
    if (ids.length > 0) return ids.map((id) => root[$.getElementById]?.(id)).filter(Boolean);
    return (attribute === 'aria-labelledby' && el[$.ariaLabelledByElements]) || [];
  };

  const referenced = (el, attribute) => {
    const parts = targetsOf(el, attribute).map((target) => {
      const own = target === el ? clean(ariaOf(el, 'aria-label')) || undefined : alternativeOf(target, lookOf(target), true);
      if (own !== undefined) return clean(own);
      return clean(contentOf(target, null, isUnseen(target), true)) || clean(target[$.getAttribute]('title') || '');
    });
    return parts.filter(Boolean).join(' ');
  };

  // A field that a page makes itself keeps its labels to itself.
  const labelsOfCustom = (el) => [...el[$.getRootNode]()[$.querySelectorAll]('label')].filter((label) => label.control === el);

  const labelName = (el) => {
    const labels = labelsOf(el) ?? (lookOf(el).tag.includes('-') ? labelsOfCustom(el) : null);
    let name = '';
    for (let at = 0; at < (labels?.length ?? 0); at++) {
      const label = labels[at];
      const given = referenced(label, 'aria-labelledby') || clean(ariaOf(label, 'aria-label'));
      const part = given || (isUnseen(label) ? '' : clean(contentOf(label, el)) || clean(label[$.getAttribute]('title') || ''));
      if (part) name = name ? `${name} ${part}` : part;
    }
    return name;
  };

  const childText = (el, selector) => {
    const child = el[$.querySelector](`:scope > ${selector}`);
    return child ? contentOf(child) : '';
  };

  const nativeName = (el) => {
    switch (lookOf(el).tag) {
      case 'input':
        return labelName(el) || inputName(el);
      case 'select':
      case 'textarea':
      case 'meter':
      case 'progress':
      case 'output':
      case 'button':
        return labelName(el);
      case 'fieldset':
        return childText(el, 'legend');
      case 'table':
        return el.caption ? contentOf(el.caption) : '';
      case 'figure':
        return childText(el, 'figcaption');
      case 'optgroup':
        return el.label;
      case 'img':
      case 'area':
        return el.alt || '';
      case 'svg':
        return svgTitle(el);
      default:
        if (el.ownerSVGElement) return svgTitle(el);
        return lookOf(el).tag.includes('-') ? labelName(el) : '';
    }
  };

  const DEFAULT_NAMES = { submit: 'Submit', reset: 'Reset', image: 'Submit' };
  const inputName = (el) => {
    const { type } = el;
    if (type === 'button' || type === 'submit' || type === 'reset') {
      return el[$.hasAttribute]('value') ? el.value : DEFAULT_NAMES[type] ?? '';
    }
    if (type === 'image') return el.alt || el[$.getAttribute]('title') || el.value || DEFAULT_NAMES.image;
    return type === 'file' && !el.labels?.length ? `Choose File${el.multiple ? 's' : ''}` : '';
  };

  // A label that says nothing still keeps the hint in a field from being its name. Only fields for
  // text show one.
  const HINTED = new Set(['text', 'search', 'url', 'tel', 'email', 'password', 'number']);
  const hintOf = (el, look) => {
    if (!look.has('placeholder') && !look.aria) return '';
    if (el.labels?.length || (look.tag === 'input' && !HINTED.has(el.type))) return '';
    return clean(el[$.getAttribute]('placeholder') || ariaOf(el, 'aria-placeholder'));
  };

  // Parts of tables that can be focused are read as a whole.
  const NAMED_WHEN_USED = new Set(['cell', 'gridcell', 'columnheader', 'rowheader']);
  const isNamedByContent = (el, role) => {
    if (NAMED_BY_CONTENT.has(role)) return lookOf(el).tag !== 'input' && !isEditable(el);
    if (role === 'row') return el[$.tabIndex] >= 0 && el[$.closest]('table, [role=table], [role=grid], [role=treegrid]') !== null;
    return NAMED_WHEN_USED.has(role) && el[$.tabIndex] >= 0;
  };

  const nameOf = (el, role) => {
    const look = lookOf(el);
    return (
      (look.aria && (referenced(el, 'aria-labelledby') || clean(ariaOf(el, 'aria-label')))) ||
      clean(nativeName(el)) ||
      (isNamedByContent(el, role) ? clean(contentOf(el)) : '') ||
      (look.has('title') ? clean(el[$.getAttribute]('title')) : '') ||
      hintOf(el, look)
    );
  };
