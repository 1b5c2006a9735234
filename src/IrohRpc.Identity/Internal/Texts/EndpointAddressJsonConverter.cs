namespace IrohRpc.Identity.Internal.Texts;

/// <summary>An address as its ticket in JSON.</summary>
internal sealed class EndpointAddressJsonConverter : TextJsonConverter<EndpointAddress>
{
    protected override EndpointAddress FromText(string text) => EndpointAddress.Parse(text);

    protected override string ToText(EndpointAddress value) => new EndpointTicket(value).ToString();
}
