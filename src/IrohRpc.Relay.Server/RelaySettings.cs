using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace IrohRpc.Relay.Server;

/// <summary>The section <c>Relay</c> of the configuration, read without reflection. Each key is named as the option that it sets.</summary>
internal sealed class RelaySettings
{
    // What endpoints ask at where they are told nothing else, iroh's among them.
    private const int DefaultAddressDiscoveryPort = 7842;

    private readonly List<Action<RelayOptions>> _changes = [];

    /// <summary>Reads a section.</summary>
    /// <exception cref="FormatException">A value cannot be read; the message names its key.</exception>
    public static RelaySettings Read(IConfigurationSection section)
    {
        var settings = new RelaySettings();
        foreach (IConfigurationSection entry in section.GetChildren())
        {
            settings._changes.Add(Change(entry));
        }

        return settings;
    }

    /// <summary>Applies what was read.</summary>
    public void Apply(RelayOptions options)
    {
        options.AddressDiscoveryPort = DefaultAddressDiscoveryPort;
        foreach (Action<RelayOptions> change in _changes)
        {
            change(options);
        }
    }

    private static Action<RelayOptions> Change(IConfigurationSection entry)
    {
        switch (entry.Key)
        {
            case nameof(RelayOptions.AllowedEndpoints):
                HashSet<EndpointId> ids = [.. Texts(entry).Select(text => Parse(entry, text, static (t, _) => EndpointId.Parse(t)))];
                return options => options.AllowedEndpoints = ids;
            case nameof(RelayOptions.AccessTokens):
                string[] tokens = [.. Texts(entry)];
                return options => options.AccessTokens = tokens;
            case nameof(RelayOptions.MaxClients):
                return Set(entry, int.Parse, static (options, value) => options.MaxClients = value);
            case nameof(RelayOptions.MaxQueuedMessages):
                return Set(entry, int.Parse, static (options, value) => options.MaxQueuedMessages = value);
            case nameof(RelayOptions.MaxQueuedBytes):
                return Set(entry, int.Parse, static (options, value) => options.MaxQueuedBytes = value);
            case nameof(RelayOptions.MaxBytesPerSecond):
                return Set(entry, int.Parse, static (options, value) => options.MaxBytesPerSecond = value);
            case nameof(RelayOptions.MaxBurstBytes):
                return Set(entry, int.Parse, static (options, value) => options.MaxBurstBytes = value);
            case nameof(RelayOptions.AuthenticationTimeout):
                return Set(entry, TimeSpan.Parse, static (options, value) => options.AuthenticationTimeout = value);
            case nameof(RelayOptions.PingInterval):
                return Set(entry, TimeSpan.Parse, static (options, value) => options.PingInterval = value);
            case nameof(RelayOptions.PingTimeout):
                return Set(entry, TimeSpan.Parse, static (options, value) => options.PingTimeout = value);
            case nameof(RelayOptions.WriteTimeout):
                return Set(entry, TimeSpan.Parse, static (options, value) => options.WriteTimeout = value);
            case nameof(RelayOptions.RestartDelay):
                return Set(entry, TimeSpan.Parse, static (options, value) => options.RestartDelay = value);
            case nameof(RelayOptions.AddressDiscoveryPort):
                return Set(entry, int.Parse, static (options, value) => options.AddressDiscoveryPort = value == 0 ? null : value);
            case nameof(RelayOptions.AddressDiscoveryCertificate):
                SslStreamCertificateContext certificate = Certificate(entry);
                return options => options.AddressDiscoveryCertificate = certificate;
            case nameof(RelayOptions.RestartPatience):
                return Set(entry, TimeSpan.Parse, static (options, value) => options.RestartPatience = value);
            default:
                throw new FormatException($"The configuration key '{entry.Path}' is not known.");
        }
    }

    // Files in PEM, as certificate authorities' clients write them: the certificate with those of its issuers, and the key.
    private static SslStreamCertificateContext Certificate(IConfigurationSection entry)
    {
        if (entry["Path"] is not { } path || entry["KeyPath"] is not { } keyPath || entry.GetChildren().Any(static child => child.Key is not ("Path" or "KeyPath")))
        {
            throw new FormatException($"The configuration key '{entry.Path}' has a Path and a KeyPath, and nothing else.");
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(path);
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPemFile(path, keyPath), chain, offline: true);
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"The certificate that the configuration key '{entry.Path}' names cannot be read: {exception.Message}", exception);
        }
    }

    private static Action<RelayOptions> Set<T>(IConfigurationSection entry, Func<string, IFormatProvider, T> parse, Action<RelayOptions, T> set)
    {
        T value = Parse(entry, entry.Value ?? "", parse);
        try
        {
            // A value out of range is found as the program starts, and not with the first client.
            set(new RelayOptions(), value);
        }
        catch (ArgumentException exception)
        {
            throw new FormatException($"The configuration key '{entry.Path}' is out of range: {exception.Message}", exception);
        }

        return options => set(options, value);
    }

    private static T Parse<T>(IConfigurationSection entry, string text, Func<string, IFormatProvider, T> parse)
    {
        try
        {
            return parse(text, CultureInfo.InvariantCulture);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new FormatException($"The configuration key '{entry.Path}' has the value '{text}', which cannot be read: {exception.Message}", exception);
        }
    }

    private static IEnumerable<string> Texts(IConfigurationSection entry) => entry.Value is { } single
        ? single.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
        : entry.GetChildren().Select(static child => child.Value ?? "");
}
