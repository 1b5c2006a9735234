namespace IrohRpc.Reach.Relay;

/// <summary>A relay server that an endpoint may use. Immutable.</summary>
public sealed class RelayConfig
{
    /// <summary>Names a relay.</summary>
    /// <param name="url">Its URL: <c>https</c>, or <c>http</c> without TLS.</param>
    /// <exception cref="ArgumentException">The URL is not absolute, or of another scheme.</exception>
    public RelayConfig(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || url.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw new ArgumentException($"'{url}' is no URL of a relay: it begins with https:// or http://.", nameof(url));
        }

        Url = url;
    }

    /// <inheritdoc cref="RelayConfig(Uri)"/>
    public RelayConfig(string url)
        : this(Parse(url))
    {
    }

    /// <summary>The URL.</summary>
    public Uri Url { get; }

    /// <summary>A secret of the relay's operator, where it asks for one.</summary>
    public string? AccessToken { get; init; }

    /// <summary>
    /// The UDP port at which the relay tells endpoints how it sees them (iroh's QAD), which is how they find a way through NATs. Default 7842; zero for none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is no port.</exception>
    public int AddressDiscoveryPort
    {
        get;
        init => field = value is >= 0 and <= ushort.MaxValue ? value : throw new ArgumentOutOfRangeException(nameof(AddressDiscoveryPort), value, "A port is from 0 to 65,535.");
    } = 7842;

    /// <inheritdoc/>
    public override string ToString() => Url.AbsoluteUri;

    private static Uri Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return Uri.TryCreate(url, UriKind.Absolute, out Uri? parsed) ? parsed : throw new ArgumentException($"'{url}' is no URL.", nameof(url));
    }
}
