using System.Net;
using System.Xml;
using System.Xml.Linq;

namespace IrohRpc.Reach.PortMapping;

/// <summary>The service of a router that maps ports (UPnP-gw-WANIPConnection, versions 1 and 2, and WANPPPConnection).</summary>
/// <param name="Type">Its type, which actions name.</param>
/// <param name="Control">Where actions are sent to.</param>
internal sealed record UpnpService(string Type, Uri Control)
{
    private const int MaxCharacters = 64 * 1024;

    private static readonly string[] Types =
    [
        "urn:schemas-upnp-org:service:WANIPConnection:2",
        "urn:schemas-upnp-org:service:WANIPConnection:1",
        "urn:schemas-upnp-org:service:WANPPPConnection:1",
    ];

    /// <summary>Finds the service in the description of a device.</summary>
    /// <param name="description">The description; any text.</param>
    /// <param name="location">Where it was.</param>
    /// <param name="router">The router, beyond which nothing is asked.</param>
    /// <exception cref="PortMappingException">There is none.</exception>
    public static UpnpService Find(string description, Uri location, IPAddress router)
    {
        XElement[] services = [.. ReadXml(description).Descendants().Where(static element => element.Name.LocalName == "service")];
        foreach (string type in Types)
        {
            foreach (XElement service in services)
            {
                if (Child(service, "serviceType") == type
                    && Uri.TryCreate(location, Child(service, "controlURL"), out Uri? control)
                    && SsdpSearch.IsAt(control, router))
                {
                    return new UpnpService(type, control);
                }
            }
        }

        throw new PortMappingException($"The router's description at {location} has no service that maps ports.");
    }

    /// <summary>Reads XML from a router, without anything that could grow or lead elsewhere.</summary>
    /// <exception cref="PortMappingException">It is malformed.</exception>
    public static XElement ReadXml(string text)
    {
        try
        {
            using var reader = XmlReader.Create(
                new StringReader(text),
                new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MaxCharacters });
            return XElement.Load(reader);
        }
        catch (XmlException exception)
        {
            throw new PortMappingException("The router answers with malformed XML.", exception);
        }
    }

    private static string? Child(XElement element, string name)
        => element.Elements().FirstOrDefault(child => child.Name.LocalName == name)?.Value.Trim();
}
