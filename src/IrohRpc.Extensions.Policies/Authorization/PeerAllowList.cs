using System.Collections.Frozen;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IrohRpc.Extensions.Policies;

/// <summary>
/// The peers that may call, from a file or from options, read anew when they change. A change that cannot be read leaves the list as it is and is logged: neither does it open the
/// door, nor does it shut everybody out.
/// </summary>
/// <remarks>Safe to use from several threads at once.</remarks>
public sealed partial class PeerAllowList : IDisposable
{
    private readonly Func<IEnumerable<string>> _read;
    private readonly ILogger _log;
    private readonly string _source;
    private IDisposable? _watching;
    private PhysicalFileProvider? _provider;
    private volatile FrozenSet<EndpointId> _peers;

    private PeerAllowList(string source, Func<IEnumerable<string>> read, ILoggerFactory? loggerFactory)
    {
        _source = source;
        _read = read;
        _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("IrohRpc.Policies");
        _peers = Parse(read());
    }

    /// <summary>Raised on a thread of the pool after the list has been read anew.</summary>
    public event EventHandler? Changed;

    /// <summary>How many peers are on it.</summary>
    public int Count => _peers.Count;

    /// <summary>A list that does not change.</summary>
    /// <param name="peers">The peers.</param>
    public static PeerAllowList Of(params IEnumerable<EndpointId> peers)
    {
        string[] ids = [.. peers.Select(static peer => peer.ToString())];
        return new PeerAllowList("the list", () => ids, null);
    }

    /// <summary>
    /// A list in a file, one id in each line; empty lines and what follows a <c>#</c> are skipped. Write another file and rename it over this one, so that no half of it is ever read.
    /// </summary>
    /// <param name="path">The file, which must exist.</param>
    /// <param name="loggerFactory">Hears of changes that cannot be read; null for nobody.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is no endpoint id; the message names it.</exception>
    public static PeerAllowList FromFile(string path, ILoggerFactory? loggerFactory = null)
    {
        string full = Path.GetFullPath(path);
        var list = new PeerAllowList(full, () => File.ReadAllLines(full), loggerFactory);
        var provider = new PhysicalFileProvider(Path.GetDirectoryName(full)!, Microsoft.Extensions.FileProviders.Physical.ExclusionFilters.None);
        list._provider = provider;
        list._watching = ChangeToken.OnChange(() => provider.Watch(Path.GetFileName(full)), list.Reload);

        // It may have changed between the two.
        list.Reload();
        return list;
    }

    /// <summary>A list in options, such as those that configuration binds.</summary>
    /// <param name="options">The options.</param>
    /// <param name="name">Which of them; null for the default.</param>
    /// <param name="loggerFactory">Hears of changes that cannot be read; null for nobody.</param>
    /// <exception cref="FormatException">An entry is no endpoint id; the message names it.</exception>
    public static PeerAllowList FromOptions(IOptionsMonitor<PeerAllowListOptions> options, string? name = null, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string key = name ?? Options.DefaultName;
        var list = new PeerAllowList(key.Length == 0 ? nameof(PeerAllowListOptions) : key, () => options.Get(key).Peers, loggerFactory);
        list._watching = options.OnChange((_, changed) =>
        {
            if ((changed ?? Options.DefaultName) == key)
            {
                list.Reload();
            }
        });
        return list;
    }

    /// <summary>Whether a peer is on it.</summary>
    /// <param name="peer">The peer.</param>
    public bool Contains(EndpointId peer) => _peers.Contains(peer);

    /// <summary>Reads it anew now.</summary>
    public void Reload()
    {
        try
        {
            _peers = Parse(_read());
            Reloaded(_log, _source, _peers.Count);
        }
        catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
        {
            NotReloaded(_log, _source, exception);
            return;
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    /// <summary>Ends the watch. The list stays as it is.</summary>
    public void Dispose()
    {
        _watching?.Dispose();
        _provider?.Dispose();
    }

    private static FrozenSet<EndpointId> Parse(IEnumerable<string> lines)
    {
        var peers = new HashSet<EndpointId>();
        foreach (string line in lines)
        {
            int comment = line.IndexOf('#', StringComparison.Ordinal);
            string text = (comment < 0 ? line : line[..comment]).Trim();
            if (text.Length > 0)
            {
                peers.Add(EndpointId.TryParse(text, out EndpointId peer) ? peer : throw new FormatException($"\"{text}\" is no endpoint id."));
            }
        }

        return peers.ToFrozenSet();
    }

    [LoggerMessage(200, LogLevel.Information, "Read {Source} anew; peers on it: {Count}.")]
    private static partial void Reloaded(ILogger logger, string source, int count);

    [LoggerMessage(201, LogLevel.Error, "{Source} cannot be read; the peers on it stay those of before.")]
    private static partial void NotReloaded(ILogger logger, string source, Exception exception);
}
