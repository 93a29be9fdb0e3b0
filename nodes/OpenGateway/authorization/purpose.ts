/**
 * The purposes of the W3C Data Privacy Vocabulary (DPV 2) that operators register applications for.
 * A scope holds exactly one, as `dpv:<purpose>` (CAMARA Security and Interoperability Profile,
 * "Purpose as a scope").
 */
export const purposes = [
	{
		name: 'Direct Marketing',
		value: 'DirectMarketing',
		description: 'Marketing that is addressed to the individual',
	},
	{
		name: 'Fraud Prevention and Detection',
		value: 'FraudPreventionAndDetection',
		description: 'Recognise and prevent fraudulent use',
	},
	{
		name: 'Identity Verification',
		value: 'IdentityVerification',
		description: 'Verify that someone is who they say they are',
	},
	{
		name: 'Marketing',
		value: 'Marketing',
		description: 'Promote products and services',
	},
	{
		name: 'Requested Service Provision',
		value: 'RequestedServiceProvision',
		description: 'Deliver a service that the individual has asked for',
	},
	{
		name: 'Service Optimisation',
		value: 'ServiceOptimisation',
		description: 'Make a service work better or cost less',
	},
	{
		name: 'Service Personalisation',
		value: 'ServicePersonalisation',
		description: 'Fit a service to the individual, as with offers for travellers',
	},
] as const;

export type Purpose = (typeof purposes)[number]['value'];
