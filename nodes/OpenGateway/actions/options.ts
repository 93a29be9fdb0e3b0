import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import { description as sendOptions } from '../transport/sendOptions';
import * as identifier from './identifier';

/** The options of what asks about devices: those of their identifiers, its own, and those of sending. */
export const optionsWith = (...own: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		...updateDisplayOptions({ show: { '/identifierType': ['phoneNumber'] } }, identifier.options),
		...own,
		...sendOptions,
	],
});
