import type { IHookFunctions, ITriggerFunctions } from 'n8n-workflow';

export async function hasSubscriptions(this: IHookFunctions): Promise<boolean> {
	return false;
}

export async function subscribe(this: IHookFunctions): Promise<boolean> {
	return true;
}

export async function unsubscribe(this: IHookFunctions): Promise<boolean> {
	return true;
}

export function keeper(_context: ITriggerFunctions): {
	begin: () => Promise<void>;
	tick: () => Promise<void>;
} {
	return { begin: async () => undefined, tick: async () => undefined };
}
