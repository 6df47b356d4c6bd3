"""AgentLab's own GenericAgent, as it is, with a model at OPENAI_BASE_URL."""
from bgym import HighLevelActionSetArgs
from agentlab.agents.generic_agent.agent_configs import FLAGS_GPT_4o
from agentlab.agents.generic_agent.generic_agent import GenericAgentArgs
from agentlab.llm.chat_api import OpenAIModelArgs

FLAGS = FLAGS_GPT_4o.copy()
FLAGS.action.action_set = HighLevelActionSetArgs(subsets=["bid", "nav", "tab", "chat", "infeas"], multiaction=False)
# Without bounds on tokens: to count them, AgentLab loads a tokenizer from the internet.
FLAGS.max_prompt_tokens = None
AGENT = GenericAgentArgs(
    chat_model_args=OpenAIModelArgs(
        model_name="scripted", max_total_tokens=None, max_input_tokens=None, max_new_tokens=1000,
        temperature=0.1, vision_support=False,
    ),
    flags=FLAGS,
)
