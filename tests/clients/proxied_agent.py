"""An agent that asks its model through the arena, with the providers' official clients as they are:
address and token come from the environment, or from the turn where `turn` is given.

    proxied_agent.py openai|openai-stream|openai-usage|anthropic|anthropic-stream [turn]
"""
import json
import sys

ASK = [{"role": "user", "content": "What next?"}]


def options(turn, name):
    """How a client is made: with nothing, since it reads the environment, or with what the turn says."""
    if "turn" not in sys.argv[2:]:
        return {}
    proxy = turn["model_proxy"]
    return {"base_url": proxy[f"{name}_base_url"], "api_key": proxy["token"]}


def ask_openai(turn, mode):
    import openai

    client = openai.OpenAI(**options(turn, "openai"))
    ask = {"model": "test-model", "max_completion_tokens": 50, "messages": ASK}
    if mode == "openai":
        return client.chat.completions.create(**ask).choices[0].message.content
    if mode == "openai-usage":
        ask["stream_options"] = {"include_usage": True}
    text, usage = "", None
    for chunk in client.chat.completions.create(stream=True, **ask):
        usage = chunk.usage or usage
        if mode == "openai-stream" and not chunk.choices:
            raise RuntimeError("a chunk of counts that nobody asked for")
        for choice in chunk.choices:
            text += choice.delta.content or ""
    if (usage is not None) != (mode == "openai-usage"):
        raise RuntimeError(f"counts: {usage}")
    return text


def ask_anthropic(turn, mode):
    import anthropic

    client = anthropic.Anthropic(**options(turn, "anthropic"))
    ask = {"model": "test-model", "max_tokens": 50, "messages": ASK}
    if mode == "anthropic":
        return client.messages.create(**ask).content[0].text
    with client.messages.stream(**ask) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    if final.content[0].text != text or final.usage.output_tokens != 30:
        raise RuntimeError(f"{final} is not {text}")
    return text


mode = sys.argv[1]
ask = ask_openai if mode.startswith("openai") else ask_anthropic
for line in sys.stdin:
    turn = json.loads(line)
    if turn["type"] == "end":
        break
    try:
        reply = {"action": ask(turn, mode)}
    except Exception as error:
        status = getattr(error, "status_code", None)
        print(f"{type(error).__name__} {status}: {error}", file=sys.stderr)
        reply = {"action": "noop()", "reasoning": f"{type(error).__name__} {status}"}
    print(json.dumps(reply), flush=True)
