import { ArmError } from '../../arm/error.ts';

/**
 * Azure's own words for what is asked for and is not there. One place, so that each way to the same fault
 * reads the same.
 */

export function resourceGroupNotFound(name: string): ArmError {
  return new ArmError('ResourceGroupNotFound', 404, `Resource group '${name}' could not be found.`);
}

/** A tracked resource, in the words of ARM's front door. */
export function resourceNotFound(type: string, name: string, resourceGroup: string): ArmError {
  return new ArmError(
    'ResourceNotFound',
    404,
    `The Resource '${type}/${name}' under resource group '${resourceGroup}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** A child of a server, in the words of the resource provider. */
export function childNotFound(type: string, name: string): ArmError {
  return new ArmError(
    'ResourceNotFound',
    404,
    `The requested resource of type '${type}' with name '${name}' was not found.`,
  );
}

export function subscriptionNotFound(subscriptionId: string): ArmError {
  return new ArmError('SubscriptionNotFound', 404, `The subscription '${subscriptionId}' could not be found.`);
}

export function operationNotFound(id: string): ArmError {
  return new ArmError(
    'OperationNotFound',
    404,
    `The operation '${id}' was not found. It may be older than what is kept.`,
  );
}

export function invalidParameter(target: string, message: string): ArmError {
  return new ArmError('InvalidParameterValue', 400, message, { target });
}

/** Something that Azure has and this control plane does not (yet): said plainly, so that nothing pretends to work. */
export function notOffered(target: string, what: string): ArmError {
  return new ArmError('FeatureNotAvailableInLocation', 400, `${what} not available in this location.`, { target });
}

/** A change of what stays as it was created. */
export function cannotChange(target: string, message: string): ArmError {
  return new ArmError('PropertyChangeNotAllowed', 400, message, { target });
}
