/* An agent as a program in TypeScript: one line of JSON in, one line of JSON out.
 *
 *    agentarena run --agent-cmd "npx --yes tsx examples/command_agent.ts" --task shop-001
 */
import { createInterface } from "node:readline";

type Node = { role: string; name?: string; bid?: string };
type Turn = { type: "turn"; step: number; goal: string; observation: { title: string; nodes: Node[] } };
type Message = Turn | { type: "end" };
type Reply = { tool: string; arguments: Record<string, unknown>; reasoning?: string };

const words = (text: string) => new Set(text.toLowerCase().match(/\w{3,}/g) ?? []);
const seen = new Set<string>();

/** Follows the link or button that shares most words with the goal; answers when none is new. */
function decide(turn: Turn): Reply {
  const goal = words(turn.goal);
  const shared = (node: Node) => [...words(node.name ?? "")].filter((word) => goal.has(word)).length;
  const [best] = turn.observation.nodes
    .filter((node) => node.bid && ["link", "button"].includes(node.role) && !seen.has(node.name ?? ""))
    .filter((node) => shared(node) > 0)
    .sort((a, b) => shared(b) - shared(a));
  if (!best) return { tool: "send_msg_to_user", arguments: { text: turn.observation.title } };
  seen.add(best.name ?? "");
  return { tool: "click", arguments: { bid: best.bid }, reasoning: `${best.name} shares words with the goal` };
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const message: Message = JSON.parse(line);
  if (message.type === "end") process.exit(0);
  console.log(JSON.stringify(decide(message)));
});
