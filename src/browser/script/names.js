
  // Accessible names and the text of elements.

  const isHidden = (el, style) =>
    style.display === 'none' || el.getAttribute('aria-hidden') === 'true' || el.inert === true;

  const isInline = (style) => style.display.startsWith('inline') || style.display === 'contents' || style.display.startsWith('ruby');

  // Text of an element as a reader gets it: alternatives of pictures included, hidden parts not.
  const textOf = (el, skip, depth = 0) => {
    if (depth > 60) return '';
    let text = '';
    for (const child of childrenOf(el)) {
      if (child.nodeType === 3) {
        text += child.data;
      } else if (isElement(child) && child !== skip) {
        const tag = tagOf(child);
        if (tag === 'script' || tag === 'style' || tag === 'template' || tag === 'select' || tag === 'textarea') continue;
        if (tag === 'br') {
          text += ' ';
          continue;
        }
        const style = styleOf(child);
        if (isHidden(child, style) || style.visibility !== 'visible') continue;
        const given = clean(child.getAttribute('aria-label') || '');
        const inner = given || (tag === 'img' ? child.alt : tag === 'svg' ? svgTitle(child) : textOf(child, skip, depth + 1));
        text += isInline(style) ? inner : ` ${inner} `;
      }
      if (text.length > MAX_TEXT * 2) break;
    }
    return text;
  };

  const svgTitle = (el) => el.querySelector(':scope > title')?.textContent ?? '';

  const referenced = (el, attribute) =>
    (el.getAttribute(attribute) || '')
      .split(/\s+/)
      .map((id) => id && el.getRootNode().getElementById?.(id))
      .filter(Boolean)
      .map((target) => clean(target.getAttribute('aria-label') || textOf(target, null)))
      .filter(Boolean)
      .join(' ');

  const nativeName = (el) => {
    switch (tagOf(el)) {
      case 'input':
        if (['button', 'submit', 'reset'].includes(el.type)) {
          return el.value || { submit: 'Submit', reset: 'Reset' }[el.type] || '';
        }
        if (el.type === 'image') return el.alt || el.value || 'Submit';
      // falls through
      case 'select':
      case 'textarea':
      case 'meter':
      case 'progress':
      case 'output':
        return [...(el.labels || [])].map((label) => clean(textOf(label, el))).filter(Boolean).join(' ');
      case 'fieldset':
        return textOf(el.querySelector(':scope > legend') || document.createElement('i'), null);
      case 'table':
        return el.caption ? textOf(el.caption, null) : '';
      case 'figure':
        return textOf(el.querySelector(':scope > figcaption') || document.createElement('i'), null);
      case 'img':
      case 'area':
        return el.alt || '';
      case 'svg':
        return svgTitle(el);
      default:
        return '';
    }
  };

  const nameOf = (el, role) =>
    referenced(el, 'aria-labelledby') ||
    clean(el.getAttribute('aria-label') || '') ||
    clean(nativeName(el)) ||
    (NAMED_BY_CONTENT.has(role) && tagOf(el) !== 'input' ? clean(textOf(el, null)) : '') ||
    clean(el.getAttribute('title') || '') ||
    clean(el.getAttribute('placeholder') || el.getAttribute('aria-placeholder') || '');
