using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace IrohRpc.Reach.PortMapping;

/// <summary>UPnP's Internet Gateway Device: the router is found by SSDP, described by XML, and told by SOAP.</summary>
internal sealed class UpnpProtocol : IPortMappingProtocol
{
    private const string Description = "IrohRpc";
    private const int ConflictInMappingEntry = 718;
    private const int OnlyPermanentLeasesSupported = 725;
    private const int LowestPort = 1024;
    private const int MaxTries = 4;
    private const int MaxResponse = 64 * 1024;

    private static readonly TimeSpan HttpTimeout = TimeSpan.FromSeconds(3);

    private readonly Gateway _gateway;
    private readonly int _searchPort;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private UpnpService? _service;

    /// <param name="gateway">The router.</param>
    /// <param name="searchPort">The port at which it is searched for.</param>
    /// <param name="time">The clock.</param>
    public UpnpProtocol(Gateway gateway, int searchPort, TimeProvider time)
    {
        _gateway = gateway;
        _searchPort = searchPort;
        _time = time;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = HttpTimeout })
        {
            Timeout = HttpTimeout,
            MaxResponseContentBufferSize = MaxResponse,
        };
    }

    /// <inheritdoc/>
    public string Name => "UPnP";

    /// <inheritdoc/>
    public async Task<MappedPort> MapAsync(PortMappingRequest request, CancellationToken cancellationToken)
    {
        try
        {
            _service ??= await FindServiceAsync(cancellationToken).ConfigureAwait(false);
            XElement answer = await InvokeAsync("GetExternalIPAddress", [], cancellationToken).ConfigureAwait(false);
            if (!IPAddress.TryParse(Value(answer, "NewExternalIPAddress"), out IPAddress? address))
            {
                throw new PortMappingException("The router has no outside address.");
            }

            (int port, TimeSpan lifetime) = await AddAsync(request, cancellationToken).ConfigureAwait(false);
            return MappedPort.Create(address, port, lifetime);
        }
        catch
        {
            // The router may be another one, or describe itself anew.
            _service = null;
            throw;
        }
    }

    /// <inheritdoc/>
    public Task UnmapAsync(MappedPort mapping, int internalPort, CancellationToken cancellationToken)
        => InvokeAsync(
            "DeletePortMapping",
            [("NewRemoteHost", ""), ("NewExternalPort", Text(mapping.External.Port)), ("NewProtocol", "UDP")],
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<UpnpService> FindServiceAsync(CancellationToken cancellationToken)
    {
        Uri location = await SsdpSearch.FindAsync(_gateway, _searchPort, _time, cancellationToken).ConfigureAwait(false);
        using var request = new HttpRequestMessage(HttpMethod.Get, location);
        (_, string description) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        return UpnpService.Find(description, location, _gateway.Router);
    }

    private async Task<(int Port, TimeSpan Lifetime)> AddAsync(PortMappingRequest request, CancellationToken cancellationToken)
    {
        int port = request.SuggestedPort;
        TimeSpan lease = request.Lifetime;
        for (int tries = 1; ; tries++)
        {
            try
            {
                await InvokeAsync(
                    "AddPortMapping",
                    [
                        ("NewRemoteHost", ""),
                        ("NewExternalPort", Text(port)),
                        ("NewProtocol", "UDP"),
                        ("NewInternalPort", Text(request.InternalPort)),
                        ("NewInternalClient", _gateway.Local.ToString()),
                        ("NewEnabled", "1"),
                        ("NewPortMappingDescription", Description),
                        ("NewLeaseDuration", Text((int)lease.TotalSeconds)),
                    ],
                    cancellationToken).ConfigureAwait(false);

                // A lease that never ends is renewed as any other, since a router forgets it when it restarts.
                return (port, request.Lifetime);
            }
            catch (UpnpErrorException error) when (error.Code == OnlyPermanentLeasesSupported && lease > TimeSpan.Zero)
            {
                lease = TimeSpan.Zero;
            }
            catch (UpnpErrorException error) when (error.Code == ConflictInMappingEntry && tries < MaxTries)
            {
                port = RandomNumberGenerator.GetInt32(LowestPort, IPEndPoint.MaxPort + 1);
            }
        }
    }

    private async Task<XElement> InvokeAsync(string action, (string Name, string Value)[] arguments, CancellationToken cancellationToken)
    {
        UpnpService service = _service ?? throw new PortMappingException("The router is not known any more.");
        string body = string.Concat(arguments.Select(static argument => $"<{argument.Name}>{SecurityElement.Escape(argument.Value)}</{argument.Name}>"));
        using var request = new HttpRequestMessage(HttpMethod.Post, service.Control)
        {
            Content = new StringContent(
                $"""
                <?xml version="1.0"?>
                <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:{action} xmlns:u="{service.Type}">{body}</u:{action}></s:Body></s:Envelope>
                """,
                Encoding.UTF8,
                new MediaTypeHeaderValue("text/xml", "utf-8")),
        };
        request.Headers.TryAddWithoutValidation("SOAPAction", $"\"{service.Type}#{action}\"");
        (bool isSuccess, string text) = await SendAsync(request, cancellationToken).ConfigureAwait(false);
        XElement answer = UpnpService.ReadXml(text);
        if (isSuccess)
        {
            return answer;
        }

        int code = int.TryParse(Value(answer, "errorCode"), NumberStyles.None, CultureInfo.InvariantCulture, out int said) ? said : 0;
        throw new UpnpErrorException(code, $"The router refuses {action} with error {code}.");
    }

    private async Task<(bool IsSuccess, string Text)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.InternalServerError))
            {
                throw new PortMappingException($"The router answers with HTTP status {(int)response.StatusCode}.");
            }

            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return (response.IsSuccessStatusCode, Encoding.UTF8.GetString(bytes));
        }
        catch (HttpRequestException exception)
        {
            throw new PortMappingException("The router cannot be asked by HTTP.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PortMappingException("The router does not answer by HTTP.", exception);
        }
    }

    private static string? Value(XElement answer, string name)
        => answer.Descendants().FirstOrDefault(element => element.Name.LocalName == name)?.Value.Trim();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An action failed with an error of UPnP's.</summary>
    private sealed class UpnpErrorException(int code, string message) : PortMappingException(message)
    {
        public int Code { get; } = code;
    }
}
