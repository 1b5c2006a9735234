using System.Collections.Immutable;

namespace IrohRpc.Blobs;

/// <summary>How far a download is.</summary>
/// <param name="BytesPresent">How many bytes are there, with those that were there before; each verified.</param>
/// <param name="BytesTotal">How many there will be; null as long as nobody has proven it.</param>
/// <param name="BytesReceived">How many of them this download brought.</param>
/// <param name="BlobsComplete">How many blobs are complete, the hash sequence among them.</param>
/// <param name="BlobsTotal">How many there are; null as long as the hash sequence is not there.</param>
/// <param name="Providers">The providers that deliver.</param>
/// <param name="Dropped">The providers that were dropped, and why.</param>
public sealed record BlobDownloadProgress(
    long BytesPresent, long? BytesTotal, long BytesReceived, int BlobsComplete, int? BlobsTotal, int Providers,
    ImmutableList<BlobProviderDrop> Dropped);

/// <summary>Why a provider is not asked any more.</summary>
/// <param name="Provider">The provider.</param>
/// <param name="Reason">What it did, or what happened.</param>
public sealed record BlobProviderDrop(EndpointId Provider, Exception Reason);
