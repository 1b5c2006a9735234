using System.Globalization;
using System.Net;
using IrohRpc.Reach.Relay;
using IrohRpc.Transports;

namespace IrohRpc.Extensions.Hosting.Internal.Settings;

/// <summary>How the values of a configuration are written.</summary>
internal static class SettingParsers
{
    public static int Number(string text)
        => int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw new FormatException($"\"{text}\" is no whole number.");

    public static long LongNumber(string text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FormatException($"\"{text}\" is no whole number.");

    public static IEnumerable<RelayConfig> Relay(string text) => [new RelayConfig(text)];

    public static AddressPublishing Publishing(string text)
        => Enum.TryParse(text, ignoreCase: true, out AddressPublishing value) && Enum.IsDefined(value)
            ? value
            : throw new FormatException($"\"{text}\" is none of {string.Join(", ", Enum.GetNames<AddressPublishing>())}.");

    public static bool YesOrNo(string text)
        => bool.TryParse(text, out bool value) ? value : throw new FormatException($"\"{text}\" is neither true nor false.");

    /// <summary>A duration as .NET writes it, or <c>infinite</c>. A bare number would mean days, which nobody means.</summary>
    public static TimeSpan Duration(string text)
        => string.Equals(text, "infinite", StringComparison.OrdinalIgnoreCase) ? Timeout.InfiniteTimeSpan
            : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan value) ? value
            : throw new FormatException($"\"{text}\" is no duration. Thirty seconds are 00:00:30, a quarter of one 00:00:00.25; \"infinite\" is for ever.");

    /// <summary><c>loopback</c>, <c>any</c> or an IP address, each with a port behind a colon or without.</summary>
    public static IEnumerable<IPEndPoint> ListenAddress(string text)
    {
        (string host, string port) = text.LastIndexOf(':') is >= 0 and var colon && !text.EndsWith(']') ? (text[..colon], text[(colon + 1)..]) : (text, "0");
        if (host.ToLowerInvariant() is "loopback" or "localhost" or "any" or "*")
        {
            int number = int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int read) && read <= ushort.MaxValue
                ? read
                : throw new FormatException($"\"{port}\" is no port.");
            return host.ToLowerInvariant() is "any" or "*" ? ListenAddresses.Any(number) : ListenAddresses.Loopback(number);
        }

        return IPEndPoint.TryParse(text, out IPEndPoint? endPoint)
            ? [endPoint]
            : throw new FormatException($"\"{text}\" is no address to listen on. Such are any:4433, loopback:4433, 192.0.2.1:4433 and [2001:db8::1]:4433; without a port a free one is taken.");
    }

    /// <summary>An IP address and a port.</summary>
    public static IEnumerable<IPEndPoint> ExternalAddress(string text)
        => IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port > 0
            ? [endPoint]
            : throw new FormatException($"\"{text}\" is no address that peers could send to. Such are 192.0.2.1:4433 and [2001:db8::1]:4433.");

    public static IEnumerable<ITransport> Transport(string text) => text.ToLowerInvariant() switch
    {
        "quic" => [QuicTransport.Instance],
        "tls" => [TlsTransport.Instance],
        "msquic" => [MsQuicTransport.Instance],
        _ => throw new FormatException($"\"{text}\" is no transport. There are quic, tls and msquic."),
    };

    public static EndpointAddress Peer(string text) => EndpointAddress.Parse(text);
}
