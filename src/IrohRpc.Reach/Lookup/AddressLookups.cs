using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Reach.Lookup;

/// <summary>Several lookups as one: all are asked at once, each answer is passed on as it comes, and one that fails costs the others nothing.</summary>
public sealed partial class AddressLookups : IAddressLookup
{
    // An honest lookup has a handful of answers.
    private const int MaxAnswers = 64;

    private readonly IReadOnlyList<IAddressLookup> _lookups;
    private readonly ILogger _logger;

    /// <summary>Combines lookups.</summary>
    /// <param name="lookups">The lookups; their order means nothing.</param>
    /// <param name="logger">Where failures are logged to.</param>
    public AddressLookups(IEnumerable<IAddressLookup> lookups, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(lookups);
        ArgumentNullException.ThrowIfNull(logger);
        _lookups = [.. lookups];
        _logger = logger;
    }

    /// <inheritdoc/>
    public string Name => string.Join('+', _lookups.Select(static lookup => lookup.Name));

    /// <inheritdoc/>
    public async IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answers = Channel.CreateBounded<EndpointData>(MaxAnswers);
        Task asking = AskAllAsync(id, answers.Writer, ending.Token);
        try
        {
            await foreach (EndpointData answer in answers.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return answer;
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await asking.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Publish(EndpointData data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach (IAddressLookup lookup in _lookups)
        {
            try
            {
                lookup.Publish(data);
            }
            catch (Exception exception)
            {
                // A lookup of the application's may throw anything.
                LogPublishFailed(_logger, lookup.Name, exception);
            }
        }
    }

    private async Task AskAllAsync(EndpointId id, ChannelWriter<EndpointData> answers, CancellationToken cancellationToken)
    {
        await Task.WhenAll(_lookups.Select(lookup => AskAsync(lookup, id, answers, cancellationToken))).ConfigureAwait(false);
        answers.Complete();
    }

    private async Task AskAsync(IAddressLookup lookup, EndpointId id, ChannelWriter<EndpointData> answers, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (EndpointData answer in lookup.ResolveAsync(id, cancellationToken).ConfigureAwait(false))
            {
                await answers.WriteAsync(answer, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody asks any more.
        }
        catch (Exception exception)
        {
            LogLookupFailed(_logger, lookup.Name, id, exception);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The lookup {Lookup} of {Endpoint} failed.")]
    private static partial void LogLookupFailed(ILogger logger, string lookup, EndpointId endpoint, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The lookup {Lookup} did not take this endpoint's addresses.")]
    private static partial void LogPublishFailed(ILogger logger, string lookup, Exception exception);
}
