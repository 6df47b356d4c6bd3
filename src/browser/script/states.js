
  // Values and states of elements.

  const OWN_TYPE = new Set(['file', 'password', 'email', 'tel', 'url', 'date', 'time', 'datetime-local', 'month', 'week', 'color']);

  const valueOf = (el, role) => {
    const tag = tagOf(el);
    if (tag === 'select') return [...el.selectedOptions].map((option) => clean(option.label)).join(', ');
    if (tag === 'textarea') return el.value;
    if (tag === 'progress' || tag === 'meter') return String(el.value);
    if (tag === 'input') {
      if (['button', 'submit', 'reset', 'image', 'checkbox', 'radio'].includes(el.type)) return undefined;
      if (el.type === 'file') return [...el.files].map((file) => file.name).join(', ');
      return el.type === 'password' ? '\u2022'.repeat(el.value.length) : el.value;
    }
    if (isEditable(el)) return clean(textOf(el, null));
    if (role === 'slider' || role === 'spinbutton' || role === 'progressbar' || role === 'meter') {
      return el.getAttribute('aria-valuetext') || el.getAttribute('aria-valuenow') || undefined;
    }
    return undefined;
  };

  const isDisabled = (el) => el.matches(':disabled') || el.closest('[aria-disabled="true"]') === el;

  const checkedState = (el) => {
    if (tagOf(el) === 'input' && (el.type === 'checkbox' || el.type === 'radio')) {
      return el.indeterminate ? 'mixed' : String(el.checked);
    }
    return el.getAttribute('aria-checked');
  };

  const statesOf = (el, role) => {
    const states = [];
    const tag = tagOf(el);
    const attribute = (name) => el.getAttribute(name);
    if (role === 'heading') states.push(`level=${attribute('aria-level') || (/^h[1-6]$/.test(tag) ? tag[1] : 2)}`);
    if (tag === 'input' && OWN_TYPE.has(el.type)) states.push(`type=${el.type}`);
    if (tag === 'textarea' || attribute('aria-multiline') === 'true') states.push('multiline');
    const checked = checkedState(el);
    if (checked === 'true') states.push('checked');
    if (checked === 'mixed') states.push('checked=mixed');
    if (isDisabled(el)) states.push('disabled');
    const expanded = tag === 'summary' ? String(el.parentElement?.open === true) : attribute('aria-expanded');
    if (expanded === 'true') states.push('expanded');
    if (expanded === 'false') states.push('collapsed');
    if (el.required || attribute('aria-required') === 'true') states.push('required');
    if ((el.readOnly && tag !== 'select') || attribute('aria-readonly') === 'true') states.push('readonly');
    if ((attribute('aria-invalid') || 'false') !== 'false' || el.matches(':user-invalid')) states.push('invalid');
    if (attribute('aria-selected') === 'true' || (tag === 'option' && el.selected)) states.push('selected');
    if (attribute('aria-pressed') === 'true') states.push('pressed');
    const current = attribute('aria-current');
    if (current && current !== 'false') states.push(current === 'true' ? 'current' : `current=${current}`);
    if ((attribute('aria-haspopup') || 'false') !== 'false') states.push('haspopup');
    if (tag === 'select' && el.multiple) states.push('multiple');
    if (tag === 'input' && (el.type === 'range' || el.type === 'number')) {
      if (el.min) states.push(`min=${el.min}`);
      if (el.max) states.push(`max=${el.max}`);
    }
    if (el.draggable && attribute('draggable') === 'true') states.push('draggable');
    if (role === 'clickable') states.length || states.push();
    return states;
  };
