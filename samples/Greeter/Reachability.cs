using IrohRpc;
using IrohRpc.Reach.Lookup.Pkarr;
using IrohRpc.Reach.Relay;

namespace Greeter;

/// <summary>How the two find each other where no address is known, or none can be reached: a relay, and a place where addresses are published.</summary>
/// <param name="Relay">The URL of a relay; null for none.</param>
/// <param name="Lookup">The URL of a pkarr relay; null for none.</param>
internal sealed record Reachability(Uri? Relay, Uri? Lookup)
{
    /// <summary>Takes <c>--relay</c> and <c>--lookup</c> out of a command line.</summary>
    public static Reachability Take(List<string> arguments) => new(TakeUrl(arguments, "--relay"), TakeUrl(arguments, "--lookup"));

    /// <summary>The options of an endpoint that uses them.</summary>
    public PeerEndpointOptions ToOptions() => new()
    {
        Relays = Relay is null ? [] : [new RelayConfig(Relay)],
        AddressLookupFactories = Lookup is null ? [] : [key => new PkarrRelayLookup(Lookup, key)],
    };

    private static Uri? TakeUrl(List<string> arguments, string name)
    {
        int index = arguments.IndexOf(name);
        if (index < 0)
        {
            return null;
        }

        if (index + 1 == arguments.Count || !Uri.TryCreate(arguments[index + 1], UriKind.Absolute, out Uri? url))
        {
            throw new FormatException($"{name} is followed by a URL.");
        }

        arguments.RemoveRange(index, 2);
        return url;
    }
}
