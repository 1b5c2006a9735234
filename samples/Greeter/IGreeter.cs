using IrohRpc;

namespace Greeter;

/// <summary>
/// All that the two peers agree on. The service implements this interface, the caller calls it, and the generator writes what is between.
/// </summary>
[Alpn("greeter/1")]
internal partial interface IGreeter
{
    /// <summary>One call, one answer.</summary>
    ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>One call, many items back, each as soon as it is there.</summary>
    IAsyncEnumerable<int> CountDownAsync(int from, CancellationToken cancellationToken = default);

    /// <summary>Items in and items out at the same time.</summary>
    IAsyncEnumerable<string> HelloEachAsync(IAsyncEnumerable<string> names, CancellationToken cancellationToken = default);

    /// <summary>The guest is an object of the caller's: the service calls it back, on the same connection.</summary>
    ValueTask<string> MeetAsync(IGuest guest, CancellationToken cancellationToken = default);

    /// <summary>A call that takes its time says how far it is, in percent.</summary>
    ValueTask<string> PractiseAsync(string language, IProgress<int> progress, CancellationToken cancellationToken = default);

    /// <summary>What can go wrong in a way that callers want to handle belongs to the contract.</summary>
    [Fault<UnknownLanguage>]
    ValueTask<string> HelloInAsync(string language, string name, CancellationToken cancellationToken = default);

    /// <summary>Goes on for ever, until the caller has heard enough.</summary>
    IAsyncEnumerable<string> ChatAsync(CancellationToken cancellationToken = default);
}
