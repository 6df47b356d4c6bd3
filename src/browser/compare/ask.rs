//! Asks Chromium for its tree and the page script for the places of its elements.

use std::collections::HashSet;

use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use super::words::is_textual_role;
use super::{Comparison, Exposed, Place, compare};
use crate::browser::BrowserError;
use crate::browser::page::WebDriverPage;

/// Elements that are asked for at once.
const BATCH: usize = 250;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    nodes: Vec<AxNode>,
}

/// A node as the browser describes it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AxNode {
    ignored: bool,
    role: Option<AxValue>,
    name: Option<AxValue>,
    value: Option<AxValue>,
    #[serde(default)]
    properties: Vec<AxProperty>,
    #[serde(rename = "backendDOMNodeId")]
    backend: Option<i64>,
    /// The origin of its frame, where that is not the page's.
    #[serde(skip)]
    elsewhere: Option<String>,
}

#[derive(Deserialize)]
struct AxProperty {
    name: String,
    value: AxValue,
}

#[derive(Deserialize)]
struct AxValue {
    #[serde(default)]
    value: Value,
}

impl AxValue {
    fn text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => other.to_string(),
        }
    }
}

impl WebDriverPage {
    /// Compares what an agent sees of the active tab with Chromium's own tree.
    pub(in crate::browser) async fn compare_trees(&mut self) -> Result<Comparison, BrowserError> {
        let observation = self.read(true).await?;
        let nodes = self.chromium_nodes().await?;
        let mut exposed = Vec::with_capacity(nodes.len());
        for batch in nodes.chunks(BATCH) {
            let places = self.places(batch).await?;
            for (node, place) in batch.iter().zip(places) {
                exposed.push(Exposed {
                    role: node.role.as_ref().map(AxValue::text).unwrap_or_default(),
                    name: node.name.as_ref().map(AxValue::text).unwrap_or_default(),
                    value: node.value.as_ref().map(AxValue::text),
                    properties: node
                        .properties
                        .iter()
                        .map(|property| (property.name.clone(), property.value.value.clone()))
                        .collect(),
                    place,
                });
            }
        }
        let mut comparison = compare(&observation, &exposed);
        comparison.url = observation.url;
        Ok(comparison)
    }

    /// The elements of the tree, text left out, of the page and of every frame that the tree of
    /// the document around it has. What the browser shows in the place of a document that it
    /// could not or may not load is no part of the page.
    async fn chromium_nodes(&self) -> Result<Vec<AxNode>, BrowserError> {
        let tree = self.tab_command("Page.getFrameTree", json!({})).await?;
        let mut frames = vec![(tree["frameTree"].clone(), None::<HashSet<i64>>)];
        let mut found = Vec::new();
        let own = tree["frameTree"]["frame"]["securityOrigin"].clone();
        while let Some((frame, around)) = frames.pop() {
            if is_error_page(&frame) {
                continue;
            }
            let origin = &frame["frame"]["securityOrigin"];
            let elsewhere = (*origin != own).then(|| origin.as_str().unwrap_or("?").to_owned());
            let id = frame["frame"]["id"].as_str().unwrap_or_default().to_owned();
            if let Some(around) = around {
                let owner = self
                    .tab_command("DOM.getFrameOwner", json!({"frameId": id}))
                    .await?;
                let owner = owner["backendNodeId"].as_i64().unwrap_or_default();
                if !around.contains(&owner) {
                    continue;
                }
            }
            let answer = self
                .tab_command("Accessibility.getFullAXTree", json!({"frameId": id}))
                .await?;
            let answer: Answer = serde_json::from_value(answer).map_err(|error| {
                BrowserError::Protocol(format!("the browser's tree cannot be read: {error}"))
            })?;
            let shown = answer.nodes.into_iter().filter(|node| !node.ignored);
            let shown: Vec<AxNode> = shown.filter(|node| node.backend.is_some()).collect();
            let ids: HashSet<i64> = shown.iter().filter_map(|node| node.backend).collect();
            for child in frame["childFrames"].as_array().into_iter().flatten() {
                frames.push((child.clone(), Some(ids.clone())));
            }
            found.extend(shown.into_iter().filter(is_element).map(|node| AxNode {
                elsewhere: elsewhere.clone(),
                ..node
            }));
        }
        Ok(found)
    }

    /// Where the page script finds the elements in the observation before.
    async fn places(&self, nodes: &[AxNode]) -> Result<Vec<Place>, BrowserError> {
        let (world, name) = self.script_world().ok_or_else(|| {
            BrowserError::Protocol("the page was replaced while it was compared".to_owned())
        })?;
        let objects = nodes.iter().map(|node| {
            let params = json!({"backendNodeId": node.backend, "executionContextId": world});
            self.tab_command("DOM.resolveNode", params)
        });
        let objects: Vec<Value> = try_join_all(objects).await?;
        // What is no object of the page, such as what a style sheet adds, is passed as nothing.
        let arguments: Vec<Value> = objects
            .iter()
            .map(|object| match object["object"]["objectId"].as_str() {
                Some(id) => json!({"objectId": id}),
                None => json!({}),
            })
            .collect();
        let answer = self
            .tab_command(
                "Runtime.callFunctionOn",
                json!({
                    "executionContextId": world,
                    "functionDeclaration": format!("(...all) => {name}.identify(...all)"),
                    "arguments": arguments,
                    "returnByValue": true,
                }),
            )
            .await?;
        let places = serde_json::from_value(answer["result"]["value"].clone());
        let mut places: Vec<Place> = places.map_err(|error| {
            let told = answer["exceptionDetails"]["exception"]["description"].as_str();
            BrowserError::Protocol(format!(
                "the elements cannot be found: {}",
                told.map_or_else(|| error.to_string(), str::to_owned)
            ))
        })?;
        for ((place, node), object) in places.iter_mut().zip(nodes).zip(&objects) {
            // The page's script is not given elements of frames that it may not look into.
            if let (Some(origin), None) = (&node.elsewhere, object["object"]["objectId"].as_str()) {
                place.what = format!("an element in a frame of {origin}");
                "foreign".clone_into(&mut place.part);
            }
        }
        Ok(places)
    }
}

/// Whether a frame shows that its document was not loaded.
fn is_error_page(frame: &Value) -> bool {
    let url = frame["frame"]["url"].as_str().unwrap_or_default();
    url.starts_with("chrome-error:")
}

/// Whether a node takes part in the comparison: runs of text have no element of their own, and
/// what only marks text is compared when the author made it focusable.
fn is_element(node: &AxNode) -> bool {
    let role = node.role.as_ref().map(AxValue::text).unwrap_or_default();
    let is_text = matches!(
        role.as_str(),
        "" | "StaticText" | "InlineTextBox" | "ListMarker" | "LineBreak" | "RootWebArea"
    );
    let focusable = node
        .properties
        .iter()
        .any(|property| property.name == "focusable" && property.value.value == Value::Bool(true));
    !is_text && (focusable || !is_textual_role(&role))
}
