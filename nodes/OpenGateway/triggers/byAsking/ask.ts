import type { ITriggerFunctions } from 'n8n-workflow';

export function asker(_context: ITriggerFunctions): {
	begin: () => Promise<void>;
	tick: () => Promise<void>;
} {
	return { begin: async () => undefined, tick: async () => undefined };
}
