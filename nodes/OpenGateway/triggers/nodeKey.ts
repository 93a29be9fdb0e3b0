import type { ITriggerFunctions } from 'n8n-workflow';

/** Identifies a node in this process. It keeps its id when it is renamed. */
export function nodeKey(context: Pick<ITriggerFunctions, 'getNode' | 'getWorkflow'>): string {
	return JSON.stringify([context.getWorkflow().id, context.getNode().id]);
}
