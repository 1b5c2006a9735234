namespace IrohRpc.Identity.Internal.Texts;

/// <summary>An address as its ticket from and to a string.</summary>
internal sealed class EndpointAddressTypeConverter : TextTypeConverter<EndpointAddress>
{
    protected override EndpointAddress FromText(string text) => EndpointAddress.Parse(text);

    protected override string ToText(EndpointAddress value) => new EndpointTicket(value).ToString();
}
