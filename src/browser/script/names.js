
  // ------------------------------------------------------------------ names

  // Accessible names as the Accessible Name and Description Computation has them, with the
  // choices that Chromium makes where it leaves some.

  const SILENT = new Set(['script', 'style', 'template', 'noscript', 'head', 'link', 'meta', 'title', 'datalist', 'rt', 'rp']);
  const CONTROLS = new Set(['button', 'checkbox', 'radio', 'switch', 'textbox', 'combobox', 'listbox', 'slider', 'spinbutton']);
  const isControl = (el, look) => (look.tag === 'button' || look.has('role')) && CONTROLS.has(roleOf(el));

  // Text put together from pieces: a space where two pieces would touch that do not belong to one
  // run of words.
  const gatherer = () => ({ text: '', gap: false });
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

  // What stands for one element inside another's name. `skip` is the field that a label belongs
  // to; `all` takes hidden parts too, for what an author names by its id.
  const addAlternative = (el, to, skip, all) => {
    if (el === skip || to.text.length > MAX_TEXT) return;
    const look = lookOf(el);
    const { tag } = look;
    if (SILENT.has(tag)) return;
    if (tag === 'br') {
      to.gap = true;
      return;
    }
    if (!all && (look.none || isAriaHidden(el))) return;
    const own = all || look.visible ? alternativeOf(el, look) : undefined;
    const apart = look.apart || own !== undefined || (all && look.none) || isControl(el, look);
    if (apart) to.gap = true;
    if (own === undefined) addContent(el, to, skip, all);
    else gather(to, own);
    if (apart) to.gap = true;
  };

  // What is said instead of an element's content, if anything is.
  const alternativeOf = (el, look) => {
    const given = clean(ariaOf(el, 'aria-label'));
    const embedded = embeddedValue(el, given, look);
    return embedded || given || (embedded ?? ownAlternative(el, look.tag));
  };

  // An item of a tree is not named by the items below it.
  const isSubtree = (el, child) => child.getAttribute('role') === 'group' && el.closest('[role=treeitem]') !== null;

  // The text below an element, with what style sheets put before and after it.
  const addContent = (el, to, skip, all) => {
    const look = lookOf(el);
    const heard = all || look.visible;
    const pseudo = heard && hasGenerated(el);
    if (look.tag === 'q') gather(to, '\u201c');
    if (pseudo) addGenerated(el, '::before', to);
    eachChild(el, (child) => {
      if (child.nodeType === 3) {
        if (heard) gather(to, shownText(child.data, el));
        if (all) to.gap = true;
      } else if (isElement(child) && !isSubtree(el, child)) {
        addAlternative(child, to, skip, all);
      }
    });
    if (pseudo) addGenerated(el, '::after', to);
    if (look.tag === 'q') gather(to, '\u201d');
  };

  const FIELDS = new Set(['input', 'select', 'textarea']);

  // The value of a field that stands inside a name.
  const embeddedValue = (el, given, look) => {
    if (!FIELDS.has(look.tag) && !look.has('role')) return undefined;
    const role = roleOf(el);
    if (role === 'textbox' || role === 'searchbox') {
      return el.value !== undefined ? (el.type === 'password' ? given : clean(el.value)) : clean(contentOf(el));
    }
    if (role === 'combobox' || role === 'listbox') return chosenText(el, role);
    if (role === 'slider' || role === 'spinbutton') {
      return el.getAttribute('aria-valuetext') || el.getAttribute('aria-valuenow') || String(el.value ?? '');
    }
    return undefined;
  };
  const chosenText = (el, role) => {
    if (tagOf(el) === 'select') return [...el.selectedOptions].map((option) => clean(option.label)).join(' ');
    if (el.value !== undefined) return el.value;
    if (role === 'combobox' && !el.querySelector('[aria-selected="true"]')) return clean(contentOf(el));
    return [...el.querySelectorAll('[role=option][aria-selected="true"]')].map((option) => clean(contentOf(option))).join(' ');
  };

  // What HTML itself gives for an element's text, inside another's name.
  const ownAlternative = (el, tag) => {
    if (tag === 'img' || tag === 'area') return el.alt || el.getAttribute('title') || '';
    if (tag === 'svg') return svgTitle(el) || undefined;
    if (tag === 'input') return nativeName(el) || '';
    return tag === 'iframe' || tag === 'textarea' || tag === 'select' ? '' : undefined;
  };

  const contentOf = (el, skip = null, all = false) => {
    const to = gatherer();
    addContent(el, to, skip, all);
    return to.text;
  };
  const textOf = (el) => contentOf(el);

  const svgTitle = (el) => clean(el.querySelector(':scope > title')?.textContent ?? '');

  // ------------------------------------------------------------------ text of style sheets

  // Whether some rule adds text to an element; only then it has to be asked for it.
  const hasGenerated = (el) => {
    if (!sheets) return false;
    const root = el.getRootNode();
    noteSheets(root);
    return sheets.generated.get(root).has(el);
  };

  const addGenerated = (el, which, to) => {
    const style = el.ownerDocument.defaultView.getComputedStyle(el, which);
    const { content } = style;
    if (content === 'none' || content === 'normal' || style.display === 'none') return;
    const text = generatedText(content, el);
    const apart = content.includes('" / "') || !FLOWS.test(style.display);
    if (apart) to.gap = true;
    gather(to, text);
    if (apart) to.gap = true;
  };

  // `"one" attr(two) / "three"`: the strings, or what stands for them after the slash.
  const generatedText = (content, el) => {
    const parts = content.match(/"(?:[^"\\]|\\.)*"|attr\([^)]*\)|\//g) ?? [];
    const slash = parts.indexOf('/');
    return (slash >= 0 ? parts.slice(slash + 1) : parts)
      .map((part) =>
        part[0] === '"'
          ? part.slice(1, -1).replace(/\\([0-9a-f]{1,6}) ?|\\(.)/gi, (_, hex, char) => (hex ? String.fromCodePoint(parseInt(hex, 16)) : char))
          : el.getAttribute(part.slice(5, -1).trim()) ?? '')
      .join('');
  };

  // ------------------------------------------------------------------ the name of an element

  const referenced = (el, attribute) => {
    const value = ariaOf(el, attribute);
    if (!value) return '';
    const root = el.getRootNode();
    const parts = value.split(/\s+/).map((id) => {
      const target = id && root.getElementById?.(id);
      if (!target) return '';
      const own = target === el ? clean(ariaOf(el, 'aria-label')) || undefined : alternativeOf(target, lookOf(target));
      if (own !== undefined) return clean(own);
      return clean(contentOf(target, null, isSilent(target))) || clean(target.getAttribute('title') || '');
    });
    return parts.filter(Boolean).join(' ');
  };

  const labelName = (el) => {
    const { labels } = el;
    let name = '';
    for (let at = 0; at < (labels?.length ?? 0); at++) {
      const label = labels[at];
      const given = referenced(label, 'aria-labelledby') || clean(ariaOf(label, 'aria-label'));
      const part = given || (isSilent(label) ? '' : clean(contentOf(label, el)) || clean(label.getAttribute('title') || ''));
      if (part) name = name ? `${name} ${part}` : part;
    }
    return name;
  };

  const childText = (el, selector) => {
    const child = el.querySelector(`:scope > ${selector}`);
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
        return el.ownerSVGElement ? svgTitle(el) : '';
    }
  };

  const DEFAULT_NAMES = { submit: 'Submit', reset: 'Reset', image: 'Submit' };
  const inputName = (el) => {
    const { type } = el;
    if (type === 'button' || type === 'submit' || type === 'reset') return el.value || el.getAttribute('title') || DEFAULT_NAMES[type] || '';
    if (type === 'image') return el.alt || el.getAttribute('title') || el.value || DEFAULT_NAMES.image;
    return type === 'file' && !el.labels?.length ? `Choose File${el.multiple ? 's' : ''}` : '';
  };

  // A label that says nothing still keeps the hint in a field from being its name.
  const hintOf = (el, look) => {
    if (!look.has('placeholder') && !look.aria) return '';
    return el.labels?.length ? '' : clean(el.getAttribute('placeholder') || ariaOf(el, 'aria-placeholder'));
  };

  // Parts of tables that can be focused are read as a whole.
  const NAMED_WHEN_USED = new Set(['row', 'cell', 'gridcell', 'columnheader', 'rowheader']);
  const isNamedByContent = (el, role) =>
    (NAMED_BY_CONTENT.has(role) && lookOf(el).tag !== 'input') || (NAMED_WHEN_USED.has(role) && el.tabIndex >= 0);

  const nameOf = (el, role) => {
    const look = lookOf(el);
    return (
      (look.aria && (referenced(el, 'aria-labelledby') || clean(ariaOf(el, 'aria-label')))) ||
      clean(nativeName(el)) ||
      (isNamedByContent(el, role) ? clean(contentOf(el)) : '') ||
      (look.has('title') ? clean(el.getAttribute('title')) : '') ||
      hintOf(el, look)
    );
  };
