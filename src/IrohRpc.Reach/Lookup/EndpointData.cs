using System.Net;
using System.Text;

namespace IrohRpc.Reach.Lookup;

/// <summary>What is published of an endpoint: where it can be reached, and a text of its own.</summary>
/// <remarks>Immutable. In DNS and pkarr it is one TXT record per attribute, <c>relay=…</c>, <c>addr=…</c> and <c>user-data=…</c>, as iroh writes it.</remarks>
public sealed class EndpointData
{
    /// <summary>The longest <see cref="UserData"/>, in bytes of UTF-8.</summary>
    public const int MaxUserDataLength = 245;

    // What an honest endpoint has is far below; a hostile record cannot make a dialler try more.
    private const int MaxAddresses = 64;

    private const string RelayKey = "relay";
    private const string AddressKey = "addr";
    private const string UserDataKey = "user-data";

    /// <summary>Makes it from its parts.</summary>
    /// <param name="addresses">Where the endpoint can be reached. Only relays and IP addresses are published.</param>
    /// <param name="userData">A text of the application's, at most <see cref="MaxUserDataLength"/> bytes; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="userData"/> is too long.</exception>
    public EndpointData(IEnumerable<TransportAddress> addresses, string? userData = null)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (userData is not null && Encoding.UTF8.GetByteCount(userData) > MaxUserDataLength)
        {
            throw new ArgumentException($"User data has at most {MaxUserDataLength} bytes.", nameof(userData));
        }

        Addresses = [.. addresses];
        UserData = userData;
    }

    /// <summary>Where the endpoint can be reached.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; }

    /// <summary>A text of the application's.</summary>
    public string? UserData { get; }

    /// <summary>The same endpoint by its relays only, so that nobody learns its IP addresses; as it is where it has no relay.</summary>
    public EndpointData RelayOnly()
        => Addresses.Any(static address => address.Kind == TransportAddressKind.Relay)
            ? new EndpointData(Addresses.Where(static address => address.Kind == TransportAddressKind.Relay), UserData)
            : this;

    /// <summary>The attributes, one text each, in the order in which iroh writes them.</summary>
    internal IEnumerable<string> ToAttributes()
    {
        foreach (TransportAddress address in Addresses)
        {
            if (address.Kind == TransportAddressKind.Relay)
            {
                yield return $"{RelayKey}={address.RelayUrl}";
            }
        }

        foreach (TransportAddress address in Addresses)
        {
            if (address.ToEndPoint() is { } endPoint)
            {
                yield return $"{AddressKey}={endPoint}";
            }
        }

        if (UserData is not null)
        {
            yield return $"{UserDataKey}={UserData}";
        }
    }

    /// <summary>Reads attributes; what is unknown or broken is skipped, and null is the answer where nothing is left.</summary>
    internal static EndpointData? FromAttributes(IEnumerable<string> attributes)
    {
        var addresses = new List<TransportAddress>();
        string? userData = null;
        foreach (string attribute in attributes)
        {
            int separator = attribute.IndexOf('=', StringComparison.Ordinal);
            if (separator < 0)
            {
                continue;
            }

            string value = attribute[(separator + 1)..];
            switch (attribute[..separator])
            {
                case RelayKey when addresses.Count < MaxAddresses && Uri.TryCreate(value, UriKind.Absolute, out _) && TransportAddress.TryRelay(value, out _) is { } relay:
                    addresses.Add(relay);
                    break;
                case AddressKey:
                    // Versions of iroh before 1.0 put several addresses into one attribute.
                    foreach (string part in value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (addresses.Count < MaxAddresses && IPEndPoint.TryParse(part, out IPEndPoint? endPoint) && endPoint.Port != 0)
                        {
                            addresses.Add(TransportAddress.Ip(endPoint));
                        }
                    }

                    break;
                case UserDataKey when Encoding.UTF8.GetByteCount(value) <= MaxUserDataLength:
                    userData = value;
                    break;
            }
        }

        return addresses.Count == 0 && userData is null ? null : new EndpointData(addresses.Distinct(), userData);
    }
}
