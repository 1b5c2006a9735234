using System.Runtime.CompilerServices;
using DnsClient;

namespace IrohRpc.Reach.Lookup;

/// <summary>Looks endpoints up in the DNS: TXT records at <c>_iroh.&lt;id in z-base-32&gt;.&lt;origin&gt;</c>, as iroh's DNS servers give them.</summary>
/// <remarks>An answer is as trustworthy as the DNS is; whoever is dialled there still has to prove its id.</remarks>
public sealed class DnsAddressLookup : IAddressLookup
{
    // A name has at most 253 characters, and 7 + 52 + 1 of them are the part before the origin.
    private const int MaxOriginLength = 253 - 60;

    private readonly DnsAddressLookupOptions _options;
    private readonly LookupClient _client;
    private readonly string _origin;

    /// <summary>Starts to use a domain.</summary>
    /// <param name="origin">The domain under which endpoints are published, such as <c>dns.iroh.link</c>.</param>
    /// <param name="options">How to ask; null for the defaults.</param>
    /// <exception cref="ArgumentException"><paramref name="origin"/> is no domain name.</exception>
    public DnsAddressLookup(string origin, DnsAddressLookupOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(origin);
        _origin = origin.TrimEnd('.');
        if (_origin.Length is 0 or > MaxOriginLength || Uri.CheckHostName(_origin) != UriHostNameType.Dns)
        {
            throw new ArgumentException($"'{origin}' is no domain name.", nameof(origin));
        }

        _options = options ?? new DnsAddressLookupOptions();
        LookupClientOptions clientOptions = _options.Servers.Count == 0 ? new LookupClientOptions() : new LookupClientOptions([.. _options.Servers]);
        clientOptions.Timeout = _options.QueryTimeout;
        clientOptions.Retries = 0;
        clientOptions.UseCache = true;
        _client = new LookupClient(clientOptions);
    }

    /// <inheritdoc/>
    public string Name => "dns";

    /// <inheritdoc/>
    public async IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IDnsQueryResponse response = await QueryAsync($"_iroh.{ZBase32.Encode(id)}.{_origin}", cancellationToken).ConfigureAwait(false);
        IEnumerable<string> attributes = response.Answers.TxtRecords().Select(static record => string.Concat(record.Text));
        if (EndpointData.FromAttributes(attributes) is { } data)
        {
            yield return data;
        }
    }

    private async Task<IDnsQueryResponse> QueryAsync(string name, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task<IDnsQueryResponse>> queries = [_client.QueryAsync(name, QueryType.TXT, cancellationToken: ending.Token)];
        long startedAt = _options.TimeProvider.GetTimestamp();
        int next = 0;
        try
        {
            while (true)
            {
                Task delay = next < _options.Stagger.Count
                    ? Task.Delay(Left(_options.Stagger[next], startedAt), _options.TimeProvider, ending.Token)
                    : Task.Delay(Timeout.InfiniteTimeSpan, ending.Token);
                Task first = await Task.WhenAny([.. queries, delay]).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (first == delay)
                {
                    next++;
                    queries.Add(_client.QueryAsync(name, QueryType.TXT, cancellationToken: ending.Token));
                    continue;
                }

                var query = (Task<IDnsQueryResponse>)first;
                if (query.IsCompletedSuccessfully || queries.Count == 1)
                {
                    return await query.ConfigureAwait(false);
                }

                // One of several failed; another may still be answered.
                queries.Remove(query);
            }
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            foreach (Task<IDnsQueryResponse> query in queries)
            {
                await ((Task)query).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private TimeSpan Left(TimeSpan at, long startedAt)
    {
        TimeSpan left = at - _options.TimeProvider.GetElapsedTime(startedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
