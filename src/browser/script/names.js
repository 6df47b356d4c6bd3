
  // ------------------------------------------------------------------ names

  // Accessible names as the Accessible Name and Description Computation has them, with the
  // choices that Chromium makes where it leaves some.

  const SILENT = new Set(['script', 'style', 'template', 'noscript', 'head', 'link', 'meta', 'title', 'datalist', 'rt', 'rp']);
  const CONTROLS = new Set(['button', 'checkbox', 'radio', 'switch', 'textbox', 'combobox', 'listbox', 'slider', 'spinbutton']);
  const isControl = (el) => (el.hasAttribute('role') || tagOf(el) === 'button') && CONTROLS.has(roleOf(el));

  // Text put together from pieces: a space where two pieces would touch that do not belong to one
  // run of words.
  const gatherer = () => ({ text: '', gap: false });
  const gather = (to, piece) => {
    if (!piece) return;
    if (to.gap && to.text && !/\s$/.test(to.text) && !/^\s/.test(piece)) to.text += ' ';
    to.text += piece;
    to.gap = false;
  };

  const isAriaHidden = (el) => el.getAttribute('aria-hidden') === 'true';
  const isSilent = (el) => {
    const look = lookOf(el);
    return look.none || !look.visible || isAriaHidden(el);
  };

  // What stands for one element inside another's name. `seen` holds the elements on the way, so
  // that none counts twice; `all` takes hidden parts too, for what an author names by its id.
  const addAlternative = (el, to, seen, all) => {
    if (seen.has(el) || to.text.length > MAX_TEXT) return;
    const tag = tagOf(el);
    if (SILENT.has(tag)) return;
    if (tag === 'br') {
      to.gap = true;
      return;
    }
    const look = lookOf(el);
    if (!all && (look.none || isAriaHidden(el))) return;
    const heard = all || look.visible;
    seen.add(el);
    const given = heard ? clean(el.getAttribute('aria-label') || '') : '';
    const embedded = heard ? embeddedValue(el, given) : undefined;
    const own = (embedded || given) || (embedded ?? (heard ? ownAlternative(el) : undefined));
    if (own !== undefined) {
      to.gap = true;
      gather(to, own);
      to.gap = true;
      return;
    }
    const apart = look.apart || (all && look.none) || isControl(el);
    if (apart) to.gap = true;
    addContent(el, to, seen, all);
    if (apart) to.gap = true;
  };

  // An item of a tree is not named by the items below it.
  const isSubtree = (el, child) => child.getAttribute('role') === 'group' && el.closest('[role=treeitem]') !== null;

  // The text below an element, with what style sheets put before and after it.
  const addContent = (el, to, seen, all) => {
    const heard = all || lookOf(el).visible;
    const pseudo = heard && hasGenerated(el);
    if (tagOf(el) === 'q') gather(to, '\u201c');
    if (pseudo) addGenerated(el, '::before', to);
    for (const child of childrenOf(el)) {
      if (child.nodeType === 3) {
        if (heard) gather(to, shownText(child.data, el));
        if (all) to.gap = true;
      } else if (isElement(child) && !isSubtree(el, child)) {
        addAlternative(child, to, seen, all);
      }
    }
    if (pseudo) addGenerated(el, '::after', to);
    if (tagOf(el) === 'q') gather(to, '\u201d');
  };

  // The value of a field that stands inside a name.
  const embeddedValue = (el, given) => {
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
  const ownAlternative = (el) => {
    const tag = tagOf(el);
    if (tag === 'img' || tag === 'area') return el.alt || el.getAttribute('title') || '';
    if (tag === 'svg') return svgTitle(el) || undefined;
    if (tag === 'input') return nativeName(el) || '';
    return tag === 'iframe' || tag === 'textarea' || tag === 'select' ? '' : undefined;
  };

  const contentOf = (el, seen = new Set([el]), all = false) => {
    const to = gatherer();
    addContent(el, to, seen, all);
    return to.text;
  };
  const textOf = (el) => contentOf(el);

  const svgTitle = (el) => clean(el.querySelector(':scope > title')?.textContent ?? '');

  // ------------------------------------------------------------------ text of style sheets

  // Elements to which some rule adds text; only those have to be asked for it.
  const hasGenerated = (el) => {
    const root = el.getRootNode();
    let found = generated?.get(root);
    if (!found) {
      found = elementsWithGenerated(root);
      generated?.set(root, found);
    }
    return found.has(el);
  };

  // Selectors of rules that add text, by style sheet; rules seldom change, and then their number.
  const sheetSelectors = new WeakMap();

  const elementsWithGenerated = (root) => {
    const found = new Set();
    for (const sheet of [...(root.styleSheets ?? []), ...(root.adoptedStyleSheets ?? [])]) {
      if (sheet.disabled) continue;
      for (const selector of selectorsOf(sheet)) {
        try {
          for (const el of root.querySelectorAll(selector)) found.add(el);
        } catch {
          // A selector that only a style sheet understands, such as one of a part.
        }
      }
    }
    return found;
  };

  const selectorsOf = (sheet) => {
    let rules;
    try {
      rules = sheet.cssRules;
    } catch {
      // A style sheet of another origin cannot be read: then every element has to be asked.
      return ['*'];
    }
    const known = sheetSelectors.get(sheet);
    if (known?.count === rules.length) return known.selectors;
    const selectors = [];
    collectSelectors(rules, '', selectors);
    sheetSelectors.set(sheet, { count: rules.length, selectors });
    return selectors;
  };

  const PSEUDO = /::?(before|after)\s*$/;
  const collectSelectors = (rules, parent, to) => {
    for (const rule of rules) {
      if (rule.styleSheet) {
        to.push(...selectorsOf(rule.styleSheet));
        continue;
      }
      let selector = parent;
      if (rule.selectorText) {
        selector = parent && rule.selectorText.includes('&') ? rule.selectorText.replaceAll('&', `:is(${parent})`) : rule.selectorText;
        if (parent && !rule.selectorText.includes('&')) selector = `:is(${parent}) :is(${selector})`;
        if (selector.includes('before') || selector.includes('after')) {
          const parts = selector.split(/,(?![^(]*\))/).filter((part) => PSEUDO.test(part));
          if (rule.style?.content) to.push(...parts.map((part) => part.replace(PSEUDO, '').trim() || '*'));
        }
      }
      if (rule.cssRules?.length) collectSelectors(rule.cssRules, selector, to);
    }
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
    const value = el.getAttribute(attribute);
    if (!value) return '';
    const root = el.getRootNode();
    const parts = value.split(/\s+/).map((id) => {
      const target = id && root.getElementById?.(id);
      if (!target) return '';
      const given = clean(target.getAttribute('aria-label') || '');
      const embedded = target !== el && embeddedValue(target, given);
      if (embedded || given) return embedded || given;
      const own = ownAlternative(target);
      if (own !== undefined && target !== el) return clean(own);
      return clean(contentOf(target, new Set([target]), isSilent(target))) || clean(target.getAttribute('title') || '');
    });
    return parts.filter(Boolean).join(' ');
  };

  const labelName = (el) => {
    if (!el.labels?.length) return '';
    const parts = [...el.labels].map((label) => {
      const given = referenced(label, 'aria-labelledby') || clean(label.getAttribute('aria-label') || '');
      if (given) return given;
      if (isSilent(label)) return '';
      return clean(contentOf(label, new Set([label, el]))) || clean(label.getAttribute('title') || '');
    });
    return parts.filter(Boolean).join(' ');
  };

  const childText = (el, selector) => {
    const child = el.querySelector(`:scope > ${selector}`);
    return child ? contentOf(child) : '';
  };

  const nativeName = (el) => {
    switch (tagOf(el)) {
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
  const hintOf = (el) => (el.labels?.length ? '' : clean(el.getAttribute('placeholder') || el.getAttribute('aria-placeholder') || ''));

  // Parts of tables that can be focused are read as a whole.
  const NAMED_WHEN_USED = new Set(['row', 'cell', 'gridcell', 'columnheader', 'rowheader']);
  const isNamedByContent = (el, role) =>
    (NAMED_BY_CONTENT.has(role) && tagOf(el) !== 'input') || (NAMED_WHEN_USED.has(role) && el.tabIndex >= 0);

  const nameOf = (el, role) =>
    referenced(el, 'aria-labelledby') ||
    clean(el.getAttribute('aria-label') || '') ||
    clean(nativeName(el)) ||
    (isNamedByContent(el, role) ? clean(contentOf(el)) : '') ||
    clean(el.getAttribute('title') || '') ||
    hintOf(el);
