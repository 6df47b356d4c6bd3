// Takes hold of a loaded MiniWoB++ page before anyone acts on it. Runs once in the page's main
// world, as the arena's own code, with three arguments: the name under which the page keeps the
// handle, the token without which the handle answers nobody, and the name of the function that
// calls the arena when the episode ends. The page's scripts can neither replace the handle nor
// reach what it remembers: the first end of the episode is kept here, and the page's own globals
// are never believed.
async (name, token, bell) => {
  'use strict';
  if (window[name] !== undefined) {
    // Asked again, because the first answer was lost.
    return {problem: window[name](token, 'look') ? null : 'somebody else holds the page'};
  }
  // A page is ready to be started when it shows the cover that people click for it.
  const isShown = () =>
    typeof core === 'object' && core.cover_div && core.cover_div.isConnected &&
    document.getElementById('reward-display') !== null;
  if (!isShown()) {
    const shown = await new Promise(resolve => {
      const watch = new MutationObserver(() => {
        if (isShown()) {
          watch.disconnect();
          resolve(true);
        }
      });
      watch.observe(document, {childList: true, subtree: true});
      setTimeout(() => resolve(false), 10000);
    });
    if (!shown) {
      return {problem: 'the page does not show the START cover of core/core.js'};
    }
  }
  const hasOwn = Object.hasOwn;
  if (typeof window[bell] !== 'function') {
    return {problem: 'the page cannot tell the arena when the task ends'};
  }
  const ring = window[bell].bind(window);
  delete window[bell];
  const seedRandom = Math.seedrandom;
  const startOriginal = core.startEpisodeReal;
  const endOriginal = core.endEpisode;

  // What people see beside the task: reward box, click canvas, START cover, instruction.
  const shownIds = ['reward-display', 'click-canvas', 'sync-task-cover'];
  let display = [];
  let query = [];

  const hide = () => {
    core.clearTimer();
    document.body.removeEventListener('click', core.canvasDrawClick);
    const instruction = document.getElementById('query');
    if (instruction) {
      query = [...instruction.childNodes];
      instruction.replaceChildren();
    }
    display = shownIds.map(id => document.getElementById(id)).filter(element => element);
    display.forEach(element => element.remove());
  };
  const show = () => {
    const instruction = document.getElementById('query');
    if (instruction) {
      instruction.replaceChildren(...query);
    }
    display.forEach(element => document.body.appendChild(element));
    core.createDisplay();
  };
  const shown = act => {
    show();
    try {
      return act();
    } finally {
      hide();
    }
  };

  const number = value => (typeof value === 'number' && Number.isFinite(value) ? value : 0);
  const nothing = {url: null, raw: 0, env: 0, done: false, reason: null};
  let first = nothing;
  let ends = 0;
  let running = false;
  let begun = null;
  let again = false;

  const end = function (reward, proportional, reason) {
    const counts = running && core.EP_TIMER !== null;
    shown(() => endOriginal.call(core, reward, proportional, reason));
    if (!counts) {
      return;
    }
    running = false;
    ends += 1;
    first = {
      // A link that ends the episode may change the address of the page after that.
      url: location.href,
      raw: number(reward),
      env: number(WOB_REWARD_GLOBAL),
      done: true,
      reason: typeof reason === 'string' ? reason.slice(0, 2000) : null,
    };
    ring('');
  };
  // Whoever starts a further episode throws the one that counts away.
  const restart = function () {
    running = false;
    again = begun !== null;
    first = nothing;
    shown(() => startOriginal.call(core));
  };
  const keep = (object, key, value) =>
    Object.defineProperty(object, key, {value, writable: false, configurable: false, enumerable: false});
  keep(core, 'endEpisode', end);
  keep(core, 'startEpisodeReal', restart);
  hide();

  const text = node => (node ? node.textContent.replace(/\s+/g, ' ').trim() : '');
  const hex = color =>
    '#' + color.match(/\d+/g).slice(0, 3).map(part => Number(part).toString(16).padStart(2, '0')).join('');
  // Two goals show what they mean as a picture; these put it into words.
  const worded = {
    'click-menu-2': node => {
      const icon = node.children[0];
      if (!icon) {
        return text(node);
      }
      const [before, , after] = node.childNodes;
      return `${text(before)} "${icon.getAttribute('class').split(' ')[1]}" ${text(after)}`;
    },
    'use-colorwheel-2': node => {
      const [before, sample, after] = node.children;
      return `${text(before)} ${hex(sample.style.backgroundColor)} ${text(after)}`;
    },
  };
  const instruction = task => {
    const inWords = hasOwn(worded, task) ? worded[task] : null;
    const said = inWords ? inWords(document.getElementById('query')) : core.getUtterance();
    if (typeof said !== 'object') {
      return {goal: String(said), fields: null};
    }
    const fields = Object.entries(said.fields || {}).map(([key, value]) => [key, String(value)]);
    return {goal: String(said.utterance), fields};
  };

  const ready = limit =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() + limit;
      const look = () => {
        if (WOB_TASK_READY) {
          resolve();
        } else if (Date.now() > deadline) {
          reject(new Error('the task did not become ready'));
        } else {
          setTimeout(look, 4);
        }
      };
      look();
    });
  // The seed must be a number: its digits as text give another sequence.
  const begin = ({seed, task, episodeMs, readyMs}) => {
    seedRandom.call(Math, seed);
    core.EPISODE_MAX_TIME = episodeMs;
    running = true;
    shown(() => startOriginal.call(core));
    const said = () => shown(() => instruction(task));
    return WOB_TASK_READY ? said() : ready(readyMs).then(said);
  };

  const commands = {
    // Starts the episode, once: whoever asks again gets the same answer.
    start: argument => (begun ??= begin(argument)),
    look: () => ({
      url: first.url ?? location.href,
      raw: first.raw,
      env: first.env,
      done: first.done,
      reason: first.reason,
      episodeId: ends,
      startedAgain: again,
    }),
  };
  keep(window, name, (given, command, argument) =>
    given === token && hasOwn(commands, command) ? commands[command](argument) : undefined);
  return {problem: null};
}
