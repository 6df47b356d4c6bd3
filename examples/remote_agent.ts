/* An agent that calls the arena, from behind any firewall, in TypeScript.
 *
 *    TOKEN=$(agentarena agents secret "my remote") npx --yes tsx examples/remote_agent.ts http://127.0.0.1:8080
 */
type Turn = { type: "turn"; step: number; goal: string; observation: { title: string } };
type Handed = { episode: string; turn: number; message: Turn | { type: "end" } };

const base = `${(process.argv[2] ?? "http://127.0.0.1:8080").replace(/\/$/, "")}/api/v1/remote`;
const headers = { authorization: `Bearer ${process.env.TOKEN}` };

/** What the arena answers, or nothing when there was nothing in time. */
async function call(method: string, path: string, reply?: unknown): Promise<Handed | undefined> {
  const body = reply === undefined ? undefined : JSON.stringify(reply);
  const answer = await fetch(base + path, { method, headers, body, signal: AbortSignal.timeout(90_000) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : ((await answer.json()) as Handed);
}

const decide = (turn: Turn) => ({ tool: "send_msg_to_user", arguments: { text: turn.observation.title } });

async function main(): Promise<never> {
  const worker = crypto.randomUUID();
  while (true) {
    let handed = await call("POST", `/claim?wait=30&worker=${worker}`);
    while (handed?.message.type === "turn") {
      const path = `/episodes/${handed.episode}`;
      const turn = handed.turn;
      handed = await call("POST", `${path}/turns/${turn}?wait=30`, decide(handed.message));
      while (!handed) handed = await call("GET", `${path}?after=${turn}&wait=30`);
    }
  }
}

main();
