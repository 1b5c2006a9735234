namespace IrohRpc.Reach.Relay;

/// <summary>The addresses that a relay's URL stands for.</summary>
internal static class RelayUrl
{
    /// <summary>Where the WebSocket is: without TLS for <c>http</c> and <c>ws</c>, with it for everything else.</summary>
    public static Uri ToWebSocket(Uri url) => WithPath(url, IsPlain(url) ? Uri.UriSchemeWs : Uri.UriSchemeWss, Protocol.RelayProtocol.Path);

    /// <summary>Where the way to the relay is measured.</summary>
    public static Uri ToPing(Uri url) => WithPath(url, IsPlain(url) ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, "/ping");

    private static bool IsPlain(Uri url) => url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeWs;

    // A port that was left out is the default one of the new scheme.
    private static Uri WithPath(Uri url, string scheme, string path)
        => new UriBuilder(scheme, url.IdnHost, url.IsDefaultPort ? -1 : url.Port, path).Uri;
}
