//! The tools of remote agents as an MCP server, by the official SDK. Knows no transport.

use std::sync::Arc;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, MetaObject, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
    ToolAnnotations,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};

use crate::agents::foreign::tools::door::Door;
use crate::agents::foreign::tools::{INSTRUCTIONS, OBSERVE, Shown, ToolSeat, tools};
use crate::domain::action::ToolSpec;

/// Where a result tells programs how the episode stands; models are not shown it.
const STANDING: &str = "agentarena/standing";

/// Who calls, in the extensions of a request over HTTP.
#[derive(Clone)]
pub struct Caller(pub Arc<dyn Door>);

/// Answers the requests of MCP clients.
#[derive(Clone, Default)]
pub struct McpServer {
    /// The one client that there is; none: each request says who calls.
    only: Option<Arc<dyn Door>>,
}

impl McpServer {
    /// For one client, as over standard input and output.
    pub const fn of_one(door: Arc<dyn Door>) -> Self {
        Self { only: Some(door) }
    }

    fn seat(&self, context: &RequestContext<RoleServer>) -> Result<ToolSeat, ErrorData> {
        let of_request = || {
            let parts = context.extensions.get::<http::request::Parts>()?;
            Some(Arc::clone(&parts.extensions.get::<Caller>()?.0))
        };
        let door = self.only.clone().or_else(of_request);
        let door = door.ok_or_else(|| {
            tracing::error!("an MCP request reached its handler without its agent");
            ErrorData::internal_error("the request has lost its agent", None)
        })?;
        Ok(ToolSeat::new(door))
    }
}

impl ServerHandler for McpServer {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new("agentarena", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tools = tools().into_iter().map(described);
        Ok(ListToolsResult::with_all_items(tools.collect()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let seat = self.seat(&context)?;
        let arguments = request.arguments.unwrap_or_default();
        let shown = seat.call(&request.name, arguments).await;
        Ok(answered(shown).into())
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        tools()
            .into_iter()
            .find(|tool| tool.name == name)
            .map(described)
    }
}

fn described(tool: ToolSpec) -> Tool {
    let schema = match tool.parameters {
        Value::Object(schema) => schema,
        _ => serde_json::Map::new(),
    };
    let looks_only = tool.name == OBSERVE;
    let hints = ToolAnnotations::new()
        .read_only(looks_only)
        .open_world(false);
    Tool::new(tool.name, tool.description, schema).with_annotations(hints)
}

fn answered(shown: Shown) -> CallToolResult {
    let mut content = vec![ContentBlock::text(shown.text)];
    content.extend(
        shown
            .picture
            .map(|png| ContentBlock::image(png, "image/png")),
    );
    let mut result = if shown.is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    let standing = json!({
        "episode": shown.standing.episode,
        "step": shown.standing.step,
        "over": shown.standing.over,
    });
    let mut meta = MetaObject::new();
    meta.0.insert(STANDING.to_owned(), standing);
    result.meta = Some(meta);
    result
}
