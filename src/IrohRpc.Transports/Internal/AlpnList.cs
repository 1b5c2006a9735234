using System.Net.Security;
using System.Security.Cryptography;
using System.Text;

namespace IrohRpc.Transports.Internal;

/// <summary>A checked, immutable list of ALPNs in order of preference, in the form that TLS wants.</summary>
internal sealed class AlpnList
{
    /// <summary>The most bytes that an ALPN has (RFC 7301, section 3.1).</summary>
    public const int MaxBytes = 255;

    // The length prefix of the extension's list is 16 bits wide.
    private const int MaxTotalBytes = ushort.MaxValue - 2;

    // A TLS stack that is given no protocols does not look at those of the dialler. One that nobody can offer refuses everybody instead,
    // with the alert that belongs to it.
    private static readonly SslApplicationProtocol Unguessable = new(RandomNumberGenerator.GetBytes(32));

    private readonly SslApplicationProtocol[] _protocols;

    private AlpnList(SslApplicationProtocol[] protocols, string[] names)
    {
        _protocols = protocols;
        Names = names;
    }

    /// <summary>The list that agrees with nobody.</summary>
    public static AlpnList Empty { get; } = new([], []);

    /// <summary>The ALPNs as text, first preferred.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Checks what a listener is to accept; may be empty.</summary>
    /// <param name="alpns">The ALPNs, first preferred.</param>
    /// <exception cref="ArgumentException">One is not 1 to 255 bytes of UTF-8, or all together exceed what TLS can say.</exception>
    public static AlpnList ForAcceptor(IReadOnlyList<string> alpns)
    {
        ArgumentNullException.ThrowIfNull(alpns);
        return alpns.Count == 0 ? Empty : Create(alpns);
    }

    /// <summary>Checks what a dialler offers; at least one.</summary>
    /// <param name="alpns">The ALPNs, first preferred.</param>
    /// <exception cref="ArgumentException">
    /// There is none, one is not 1 to 255 bytes of UTF-8, or all together exceed what TLS can say.
    /// </exception>
    public static AlpnList ForDialler(IReadOnlyList<string> alpns)
    {
        ArgumentNullException.ThrowIfNull(alpns);
        return alpns.Count > 0 ? Create(alpns) : throw new ArgumentException("A dialler offers at least one ALPN.", nameof(alpns));
    }

    /// <summary>A new list for one handshake; never empty.</summary>
    public List<SslApplicationProtocol> ToTls() => _protocols.Length == 0 ? [Unguessable] : [.. _protocols];

    /// <summary>The text of what a handshake agreed on, or null where it agreed on nothing in this list.</summary>
    /// <param name="negotiated">What the TLS stack says.</param>
    public string? Find(SslApplicationProtocol negotiated)
    {
        int index = Array.IndexOf(_protocols, negotiated);
        return index < 0 ? null : Names[index];
    }

    /// <summary>The list for a message: each in quotation marks.</summary>
    public override string ToString()
        => Names.Count == 0 ? "nothing" : string.Join(", ", Names.Select(static name => $"\"{name}\""));

    private static AlpnList Create(IReadOnlyList<string> alpns)
    {
        var protocols = new SslApplicationProtocol[alpns.Count];
        var names = new string[alpns.Count];
        int total = 0;
        for (int i = 0; i < protocols.Length; i++)
        {
            string name = alpns[i] ?? throw new ArgumentException("An ALPN is null.", nameof(alpns));
            int bytes = ByteCount(name);
            if (bytes is 0 or > MaxBytes)
            {
                throw new ArgumentException($"An ALPN has 1 to {MaxBytes} bytes of UTF-8; \"{name}\" has {bytes}.", nameof(alpns));
            }

            total += bytes + 1;
            names[i] = name;
            protocols[i] = new SslApplicationProtocol(name);
        }

        return total <= MaxTotalBytes
            ? new AlpnList(protocols, names)
            : throw new ArgumentException(
                $"These {alpns.Count} ALPNs take {total} bytes; a handshake has room for {MaxTotalBytes}.", nameof(alpns));
    }

    private static int ByteCount(string name)
    {
        try
        {
            return StrictUtf8.GetByteCount(name);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"The ALPN \"{name}\" is not valid Unicode.", nameof(name), exception);
        }
    }

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
}
