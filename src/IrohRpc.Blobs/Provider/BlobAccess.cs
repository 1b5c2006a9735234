namespace IrohRpc.Blobs;

/// <summary>Who asks a provider for what.</summary>
/// <param name="Peer">The peer, as it proved in the handshake.</param>
/// <param name="Kind">What it asks for.</param>
/// <param name="Hash">The blob.</param>
/// <param name="Parent">The hash sequence that the blob is asked for as a child of; null where it is named by itself.</param>
public readonly record struct BlobAccess(EndpointId Peer, BlobRequestKind Kind, BlobHash Hash, BlobHash? Parent);
