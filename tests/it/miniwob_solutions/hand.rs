//! How a solution meets a page: it sees goal and observations and answers with one action at a
//! time. It holds no page, so it cannot know more than an agent does.

use std::fmt;
use std::pin::Pin;

use agentarena::domain::action::{Action, MouseButton};
use agentarena::domain::observation::{Node, Observation};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

use super::look;

/// Most looks for something that appears late, a tenth of a second apart.
const LONGEST_WAIT: usize = 30;

/// A solution: an async function that plays one episode.
pub type Solver = fn(Hand) -> Pin<Box<dyn Future<Output = ()> + Send>>;

/// A task and who solves it.
pub type Entry = (&'static str, Solver);

/// What an agent has: the goal, the latest observation, and a way to act.
pub struct Hand {
    /// What is to be done.
    pub goal: String,
    /// The parts of the goal by name, where the task gives them.
    pub fields: Vec<(String, String)>,
    /// The page after the last action.
    pub seen: Observation,
    actions: UnboundedSender<Action>,
    observations: UnboundedReceiver<Observation>,
}

impl Hand {
    /// Does something and sees what came of it. Never returns once the episode is over.
    pub async fn act(&mut self, action: Action) {
        // When the other side is gone, the episode has ended and this task is about to.
        let _ = self.actions.send(action);
        match self.observations.recv().await {
            Some(seen) => self.seen = seen,
            None => std::future::pending().await,
        }
    }

    /// Clicks an element.
    pub async fn click(&mut self, bid: &str) {
        self.act(Action::Click {
            bid: bid.to_owned(),
            button: MouseButton::Left,
            modifiers: Vec::new(),
        })
        .await;
    }

    /// Clicks a node: by its id, or in its middle when it has none.
    pub async fn click_on(&mut self, node: &Node) {
        match &node.bid {
            Some(bid) => self.click(bid).await,
            None => self.click_at(middle(node)).await,
        }
    }

    /// Clicks a point.
    pub async fn click_at(&mut self, (x, y): (f64, f64)) {
        self.act(look::click_at(x, y)).await;
    }

    /// Clicks the button of a name.
    pub async fn press(&mut self, name: &str) {
        let bid = self.bid("button", name);
        self.click(&bid).await;
    }

    /// Replaces the text of a field.
    pub async fn fill(&mut self, bid: &str, value: &str) {
        self.act(Action::Fill {
            bid: bid.to_owned(),
            value: value.to_owned(),
            enable_autocomplete_menu: false,
        })
        .await;
    }

    /// Drags from point to point.
    pub async fn drag(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.act(Action::MouseDragAndDrop {
            from_x: from.0,
            from_y: from.1,
            to_x: to.0,
            to_y: to.1,
        })
        .await;
    }

    /// Presses a key combination on what has focus.
    pub async fn key(&mut self, key: &str) {
        self.act(Action::KeyboardPress {
            key: key.to_owned(),
        })
        .await;
    }

    /// Moves the mouse over an element.
    pub async fn hover(&mut self, bid: &str) {
        self.act(Action::Hover {
            bid: bid.to_owned(),
        })
        .await;
    }

    /// Presses a key combination on an element.
    pub async fn key_on(&mut self, bid: &str, key: &str) {
        self.act(Action::Press {
            bid: bid.to_owned(),
            key_comb: key.to_owned(),
        })
        .await;
    }

    /// Types on whatever has focus.
    pub async fn type_text(&mut self, text: &str) {
        self.act(Action::KeyboardType {
            text: text.to_owned(),
        })
        .await;
    }

    /// Lets time pass until something is there that the page shows late.
    pub async fn wait_for<T>(&mut self, missing: &str, find: impl Fn(&Self) -> Option<T>) -> T {
        for _ in 0..LONGEST_WAIT {
            if let Some(found) = find(self) {
                return found;
            }
            self.act(Action::Noop { wait_ms: 100 }).await;
        }
        self.give_up(missing)
    }

    /// What the page says, without the goal and the page's own score board, in document order.
    pub fn nodes(&self) -> Vec<Node> {
        let board = [
            "Last reward:",
            "Last 10 average:",
            "Time left:",
            "Episodes done:",
        ];
        let nodes = self.seen.nodes.iter().filter(|node| {
            node.role != "text"
                || (node.name != self.goal && !board.iter().any(|part| node.name.starts_with(part)))
        });
        nodes.cloned().collect()
    }

    /// The texts of the page in document order.
    pub fn texts(&self) -> Vec<String> {
        let nodes = self.nodes().into_iter();
        nodes
            .filter(|node| node.role == "text")
            .map(|node| node.name)
            .collect()
    }

    /// A field of the goal.
    pub fn field(&self, name: &str) -> String {
        let found = self.fields.iter().find(|(key, _)| key == name);
        self.must(
            found.map(|(_, value)| value.clone()),
            &format!("no field {name}"),
        )
    }

    /// The nodes of a role that can be acted on.
    pub fn all(&self, role: &str) -> Vec<Node> {
        let found = look::with_role(&self.seen, role);
        found.into_iter().cloned().collect()
    }

    /// The only or first node of a role.
    pub fn one(&self, role: &str) -> Node {
        let found = self.all(role).into_iter().next();
        self.must(found, &format!("no {role}"))
    }

    /// The id of the node with this role and name.
    pub fn bid(&self, role: &str, name: &str) -> String {
        let found = look::by_role_and_name(&self.seen, role, name);
        self.must(found.map(look::bid), &format!("no {role} {name:?}"))
    }

    /// The id of whatever has this name.
    pub fn named(&self, name: &str) -> String {
        let found = look::by_name(&self.seen, name);
        self.must(found.map(look::bid), &format!("nothing called {name:?}"))
    }

    /// What stands between two phrases of the goal.
    pub fn between(&self, before: &str, after: &str) -> String {
        let found = look::between(&self.goal, before, after).map(str::to_owned);
        self.must(found, &format!("no {before:?} ... {after:?} in the goal"))
    }

    /// What the goal has in double quotes.
    pub fn quoted(&self) -> Vec<String> {
        let found = look::quoted(&self.goal);
        found.into_iter().map(str::to_owned).collect()
    }

    /// A value that has to be there; else the page and the goal are shown.
    pub fn must<T>(&self, value: Option<T>, missing: &str) -> T {
        value.unwrap_or_else(|| self.give_up(missing))
    }

    /// Ends the solution with the page as evidence.
    pub fn give_up(&self, reason: impl fmt::Display) -> ! {
        panic!("{reason}\n{}\n{}", self.goal, self.seen.tree_text())
    }
}

/// What an agent is told to do.
pub struct Goal {
    /// In words.
    pub text: String,
    /// Its parts by name, where the task gives them.
    pub fields: Vec<(String, String)>,
}

/// The middle of a node.
pub fn middle(node: &Node) -> (f64, f64) {
    let [left, top, width, height] = node.bbox.expect("elements have a place");
    (left + width / 2.0, top + height / 2.0)
}

/// A running solution, seen from the side that holds the page.
pub struct Player {
    solving: JoinHandle<()>,
    actions: UnboundedReceiver<Action>,
    observations: UnboundedSender<Observation>,
}

impl Player {
    /// Starts a solution with what it sees first.
    pub fn start(solver: Solver, goal: Goal, seen: Observation) -> Self {
        let (to_page, actions) = unbounded_channel();
        let (observations, from_page) = unbounded_channel();
        let hand = Hand {
            goal: goal.text,
            fields: goal.fields,
            seen,
            actions: to_page,
            observations: from_page,
        };
        Self {
            solving: tokio::spawn(solver(hand)),
            actions,
            observations,
        }
    }

    /// The next action; none when the solution is through.
    pub async fn next(&mut self) -> Option<Action> {
        self.actions.recv().await
    }

    /// Shows what came of the action.
    pub fn show(&self, seen: Observation) {
        // A solution that is through looks no more.
        let _ = self.observations.send(seen);
    }

    /// Why there is nothing more to do.
    pub async fn reason(&mut self) -> String {
        let Err(error) = (&mut self.solving).await else {
            return "the solution is through".to_owned();
        };
        let panic = error.try_into_panic().ok();
        let text = panic.and_then(|panic| panic.downcast::<String>().ok());
        text.map_or_else(|| "the solution broke off".to_owned(), |text| *text)
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.solving.abort();
    }
}
