import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands in for a language model that calls the one tool it has, and says what it heard. */
export interface Model {
	/** Address of an API in the form of OpenAI's Chat Completions. */
	readonly baseUrl: string;
	/** Lets the model ask about this number next. */
	asksFor(phoneNumber: string): void;
	/** What the tool answered last, as text. */
	heard(): string;
	stop(): Promise<void>;
}

interface ChatRequest {
	readonly messages: ReadonlyArray<{ readonly role: string; readonly content: unknown }>;
	readonly tools?: ReadonlyArray<{ readonly function: { readonly name: string } }>;
	readonly stream?: boolean;
}

export async function startModel(): Promise<Model> {
	let phoneNumber = '';
	let heard = '';

	function messageFor({ messages, tools = [] }: ChatRequest): object {
		const answers = messages.filter(({ role }) => role === 'tool');
		if (answers.length > 0) {
			const { content } = answers.at(-1)!;
			heard = typeof content === 'string' ? content : JSON.stringify(content);
			return { role: 'assistant', content: `I heard: ${heard}` };
		}
		const [tool] = tools;
		const call = { name: tool?.function.name, arguments: JSON.stringify({ phoneNumber }) };
		return {
			role: 'assistant',
			content: null,
			tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }],
		};
	}

	const server = createServer(async (request, response) => {
		const asked = JSON.parse((await text(request)) || '{}') as ChatRequest;
		const message = messageFor(asked);
		const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
		const completion = { id: 'made-up', created: 0, model: 'made-up-model' };
		if (asked.stream) {
			const chunk = (choice: object) =>
				`data: ${JSON.stringify({
					...completion,
					object: 'chat.completion.chunk',
					choices: [{ index: 0, ...choice }],
				})}\n\n`;
			response.setHeader('content-type', 'text/event-stream');
			response.end(
				chunk({ delta: message, finish_reason: null }) +
					chunk({ delta: {}, finish_reason }) +
					'data: [DONE]\n\n',
			);
			return;
		}
		response.setHeader('content-type', 'application/json');
		response.end(
			JSON.stringify({
				...completion,
				object: 'chat.completion',
				choices: [{ index: 0, message, finish_reason }],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const { port } = server.address() as AddressInfo;
	return {
		baseUrl: `http://127.0.0.1:${port}/v1`,
		asksFor(number) {
			phoneNumber = number;
			heard = '';
		},
		heard: () => heard,
		async stop() {
			server.closeAllConnections();
			await new Promise((closed) => server.close(closed));
		},
	};
}
